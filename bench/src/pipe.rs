//! Messages between this program and the parts of it that run as processes of their own: MessagePack behind its length,
//! on standard input and output.

use std::io::{Read, Write};
use std::process::Stdio;

use anyhow::Context as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::cpus::{Cpus, Role};

/// Writes one message.
pub(crate) fn write(mut output: impl Write, message: &impl Serialize) -> anyhow::Result<()> {
    output.write_all(&framed(message)?)?;
    Ok(output.flush()?)
}

/// Reads one message; `None` where the other end is gone.
pub(crate) fn read<T: DeserializeOwned>(mut input: impl Read) -> anyhow::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    input.read_exact(&mut bytes)?;
    Ok(Some(rmp_serde::from_slice(&bytes)?))
}

fn framed(message: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    rmp_serde::encode::write(&mut bytes, message)?;
    let length = u32::try_from(bytes.len() - 4).context("a message of more than 4 GB")?;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    Ok(bytes)
}

/// A part of this program in a process of its own, ended when dropped; it ends by itself when this process does.
pub(crate) struct Part {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    name: &'static str,
}

impl Part {
    /// Starts this program again as one of its parts, on the processors of its role.
    pub(crate) fn start(cpus: &Cpus, role: Role, name: &'static str) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let started = cpus.start(role, || command.spawn());
        let mut child = started.with_context(|| format!("cannot start the {name}"))?;
        let input = child.stdin.take().context("its input is piped")?;
        let output = child.stdout.take().context("its output is piped")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            name,
        })
    }

    /// The process, for accounting.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.child
            .id()
            .with_context(|| format!("the {} has ended", self.name))
    }

    /// Tells it something.
    pub(crate) async fn tell(&mut self, message: &impl Serialize) -> anyhow::Result<()> {
        let told = self.input.write_all(&framed(message)?).await;
        told.with_context(|| format!("the {} has ended", self.name))
    }

    /// Waits for what it says next.
    pub(crate) async fn hear<T: DeserializeOwned>(&mut self) -> anyhow::Result<T> {
        let ended = || format!("the {} has ended", self.name);
        let length = self.output.read_u32().await.with_context(ended)?;
        let mut bytes = vec![0; length as usize];
        self.output
            .read_exact(&mut bytes)
            .await
            .with_context(ended)?;
        Ok(rmp_serde::from_slice(&bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        write(&mut bytes, &(1, "one")).unwrap();
        write(&mut bytes, &(2, "two")).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(
            read::<(u8, String)>(&mut input).unwrap(),
            Some((1, "one".into()))
        );
        assert_eq!(
            read::<(u8, String)>(&mut input).unwrap(),
            Some((2, "two".into()))
        );
        assert_eq!(read::<(u8, String)>(&mut input).unwrap(), None);
        assert!(read::<(u8, String)>(&bytes[..7]).is_err(), "cut short");
    }
}
