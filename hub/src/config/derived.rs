//! What follows from several settings.

use std::net::SocketAddr;

use super::{settings::Config, values::DatabaseUrl};

impl Config {
    /// The three listeners by the setting that places them.
    pub fn listeners(&self) -> [(&'static str, SocketAddr); 3] {
        [
            ("dashboard.listen", self.dashboard.listen),
            ("sdk.listen", self.sdk.listen),
            ("metrics.listen", self.metrics.listen),
        ]
    }

    /// The database in force: the one that is named, else the embedded one in the data directory.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database
            .url
            .clone()
            .unwrap_or_else(|| DatabaseUrl::embedded(self.data.dir.join("peekaboo.db")))
    }
}
