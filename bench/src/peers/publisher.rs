//! Has a peer send a message for each change of a schedule.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use super::fan_out::FanOut;
use super::server::Publishing;
use super::upstream::Updates;
use super::{nats, upstream, ws};
use crate::clock::{Nanos, now};
use crate::dialects::nats::publish;
use crate::dialects::{BASE, numbered};
use crate::generator::Issue;
use crate::wire::{BINARY, client_frame};

/// Publishes one message after the other.
pub(super) struct Publisher {
    messages: Vec<Vec<u8>>,
    line: Line,
    began: Began,
}

enum Line {
    Stream(TcpStream),
    Updates(Updates),
}

/// The instants at which messages were published.
#[derive(Clone, Default)]
pub(super) struct Began(Arc<Mutex<Vec<Nanos>>>);

impl Publisher {
    /// Prepares every message.
    pub(super) fn new(
        publishing: &Publishing,
        fan_out: &FanOut<'_>,
    ) -> anyhow::Result<(Self, Began)> {
        let numbers = (BASE + 1..).take(fan_out.changes);
        let with_numbers = |frame: &dyn Fn(&[u8]) -> Vec<u8>| {
            let numbers = numbers.clone();
            let message = |number| Ok(frame(&numbered(fan_out.delta, number)?));
            numbers.map(message).collect::<anyhow::Result<_>>()
        };
        let (messages, line) = match publishing {
            Publishing::Nats(address) => {
                (with_numbers(&publish)?, Line::Stream(nats::line(*address)?))
            }
            Publishing::Ws(address) => {
                let frame = |payload: &[u8]| client_frame(BINARY, payload);
                (with_numbers(&frame)?, Line::Stream(ws::line(*address)?))
            }
            Publishing::UnleashEdge(edge) => (
                numbers.map(upstream::update).collect(),
                Line::Updates(edge.updates()),
            ),
        };
        let began = Began::default();
        let publisher = Self {
            messages,
            line,
            began: began.clone(),
        };
        Ok((publisher, began))
    }
}

impl Issue for Publisher {
    fn prepare(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn issue(&mut self, nth: usize) -> anyhow::Result<()> {
        let message = self.messages.get(nth).context("a message too many")?;
        self.began.push(now());
        match &mut self.line {
            Line::Stream(stream) => stream.write_all(message)?,
            Line::Updates(updates) => updates.send(message)?,
        }
        Ok(())
    }

    fn finish(&mut self, _: Nanos) -> anyhow::Result<()> {
        Ok(())
    }
}

impl Began {
    fn push(&self, instant: Nanos) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(instant);
    }

    /// In the order of the changes.
    pub(super) fn instants(&self) -> Vec<Nanos> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
