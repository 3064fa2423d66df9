//! What follows from several settings.

use std::net::SocketAddr;

use super::{
    settings::Config,
    values::{DatabaseUrl, PublicUrl},
};

impl Config {
    /// The three listeners by the setting that places them.
    pub fn listeners(&self) -> [(&'static str, SocketAddr); 3] {
        [
            ("dashboard.listen", self.dashboard.listen),
            ("sdk.listen", self.sdk.listen),
            ("metrics.listen", self.metrics.listen),
        ]
    }

    /// Where people open the dashboard: the public URL, or where it listens.
    pub fn dashboard_url(&self) -> String {
        let public = self.dashboard.public_url.clone();
        public
            .unwrap_or_else(|| PublicUrl::of(self.dashboard.listen))
            .to_string()
    }

    /// Whether mail can be sent with links that lead to the dashboard from elsewhere.
    pub fn sends_links(&self) -> bool {
        let reachable =
            self.dashboard.public_url.is_some() || self.dashboard.listen.ip().is_loopback();
        self.mail.smtp_url.is_some() && reachable
    }

    /// The database in force: the one that is named, else the embedded one in the data directory.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database
            .url
            .clone()
            .unwrap_or_else(|| DatabaseUrl::embedded(self.data.dir.join("peekaboo.db")))
    }
}
