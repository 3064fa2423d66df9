//! The line between a hub and its database, which a test can cut.

use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// A server that passes everything on to PostgreSQL, until it is cut.
pub(crate) struct Wire {
    url: String,
    cut: watch::Sender<bool>,
}

trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

impl Wire {
    /// A line to a database.
    pub(crate) async fn to(database: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let name = database.get_database().expect("a database");
        let user = database.get_username();
        let (cut, is_cut) = watch::channel(false);
        tokio::spawn(carry(listener, database.clone(), is_cut));
        Self {
            url: format!("postgres://{user}@{address}/{name}?sslmode=disable"),
            cut,
        }
    }

    /// The database's address, by this line.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends every connection and refuses new ones.
    pub(crate) fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Takes new connections again.
    pub(crate) fn mend(&self) {
        self.cut.send_replace(false);
    }
}

async fn carry(listener: TcpListener, database: PgConnectOptions, is_cut: watch::Receiver<bool>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (database, mut is_cut) = (database.clone(), is_cut.clone());
        if *is_cut.borrow_and_update() {
            continue;
        }
        tokio::spawn(async move {
            let mut far = dial(&database).await;
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                _ = is_cut.changed() => {}
            }
        });
    }
}

async fn dial(database: &PgConnectOptions) -> Box<dyn Connection> {
    let (host, port) = (database.get_host(), database.get_port());
    let folder = database.get_socket().cloned().or_else(|| {
        let host = PathBuf::from(host);
        host.is_absolute().then_some(host)
    });
    match folder {
        Some(folder) => {
            let socket = folder.join(format!(".s.PGSQL.{port}"));
            Box::new(
                UnixStream::connect(socket)
                    .await
                    .expect("the server answers"),
            )
        }
        None => Box::new(
            TcpStream::connect((host, port))
                .await
                .expect("the server answers"),
        ),
    }
}
