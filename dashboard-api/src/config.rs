//! What an operator can set.

use std::num::NonZeroU32;
use std::time::Duration;

use peekaboo_storage::SessionLifetime;

/// The API's settings; the defaults are meant for production.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Where people open the dashboard, as `https://flags.example.com`, perhaps with a path. With `https` the session's cookie is sent over
    /// nothing else, and requests that change something are taken from this origin only. None: any origin that equals
    /// the request's `Host`.
    pub public_url: Option<String>,
    /// Where people open the dashboard, for links that are mailed or copied: the public URL, or where this node listens.
    pub dashboard_url: String,
    /// Whether a node of this hub sends mail, with links to `dashboard_url` that work elsewhere too.
    pub sends_mail: bool,
    /// How long entries of the audit log are kept, as the dashboard shows it. Default forever.
    pub audit_retention: Option<Duration>,
    /// Who can create organizations. Default operators.
    pub create_organizations: WhoCreates,
    /// Where applications connect to, as `wss://sdk.example.com/sdk/v1/stream`; shown on the connect page.
    pub stream_url: String,
    /// The largest body that is read, in bytes. Default 8 MiB: a segment may list 100,000 keys.
    pub max_body_bytes: usize,
    /// How long a session lasts without a request. Default 7 days.
    pub session_idle: Duration,
    /// How long a session lasts however much it is used. Default 90 days.
    pub session_lifetime: Duration,
    /// Sign-ins that one address may try. Default a burst of 20, then one each 3 seconds.
    pub sign_in_by_address: Rate,
    /// Sign-ins that one address may try for one account. Default a burst of 10, then one each 10 seconds.
    pub sign_in_by_account_and_address: Rate,
    /// Sign-ins that may be tried for one account, from every device together on which nobody has signed in to it. Default
    /// a burst of 100, then one each 10 seconds.
    pub sign_in_by_account: Rate,
    /// Links (invitations, new passwords) that one address may try. Default a burst of 60, then one each 3 seconds.
    pub links_by_address: Rate,
    /// New passwords that may be asked for, for one account. Default a burst of 3, then one each 10 minutes.
    pub resets_by_account: Rate,
    /// Setup codes that one address may try. Default a burst of 10, then one each 30 seconds.
    pub setup_by_address: Rate,
    /// Setup codes that may be tried, from anywhere. Default a burst of 200, then one each second: a code has 80 random
    /// bits, and a stranger must not keep the owner out.
    pub setup_tries: Rate,
    /// Passwords hashed at once; each takes 19 MiB and some 30 ms of a processor. Default 2.
    pub password_hashes: usize,
    /// Passwords that may wait to be hashed before more are refused with 503. Default 32.
    pub password_queue: usize,
    /// Whether a proxy stands before the hub whose `X-Forwarded-For` names the caller. Default no: anybody could write
    /// the header, and rate limits are by address.
    pub behind_proxy: bool,
    /// How often a comment keeps an event stream alive. Default 15 seconds.
    pub event_heartbeat: Duration,
    /// After how long an event stream ends, so that who follows shows their credential again. Default 10 minutes.
    pub event_stream_lifetime: Duration,
    /// Event streams of this node at once. Default 2,000.
    pub event_streams: usize,
    /// Of those, for one organisation. Default 500.
    pub event_streams_by_organization: usize,
    /// Of those, for one person or token. Default 30: a hidden page of the dashboard holds none.
    pub event_streams_by_caller: usize,
    /// How long a credential that was valid is still taken while the database is away. Default 15 minutes.
    pub credential_grace: Duration,
}

/// Who can create organizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoCreates {
    /// Everybody who has an account.
    Anyone,
    /// Who runs the hub.
    Operators,
    /// Nobody, once the hub is set up.
    Nobody,
}

/// So many at once, then one each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: NonZeroU32,
    /// After how long another one is allowed; never zero.
    pub every: Duration,
}

impl Rate {
    /// So many at once, then one each interval.
    ///
    /// # Panics
    ///
    /// Where the interval is zero, which would be no limit.
    pub const fn new(burst: NonZeroU32, every: Duration) -> Self {
        assert!(!every.is_zero(), "a rate needs an interval");
        Self { burst, every }
    }
}

const TEN: NonZeroU32 = NonZeroU32::new(10).unwrap();
const HUNDRED: NonZeroU32 = NonZeroU32::new(100).unwrap();
const TWO_HUNDRED: NonZeroU32 = NonZeroU32::new(200).unwrap();
const THREE: NonZeroU32 = NonZeroU32::new(3).unwrap();
const SIXTY: NonZeroU32 = NonZeroU32::new(60).unwrap();
const TWENTY: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Longer than anybody stays signed in, and short enough to be added to a time.
const CENTURY: time::Duration = time::Duration::days(36_525);

const DAY: u64 = 24 * 60 * 60;

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            dashboard_url: "http://127.0.0.1:3000".to_owned(),
            sends_mail: false,
            audit_retention: None,
            create_organizations: WhoCreates::Operators,
            stream_url: "ws://127.0.0.1:6001/sdk/v1/stream".to_owned(),
            max_body_bytes: 8 * 1024 * 1024,
            session_idle: Duration::from_secs(7 * DAY),
            session_lifetime: Duration::from_secs(90 * DAY),
            sign_in_by_address: Rate::new(TWENTY, Duration::from_secs(3)),
            sign_in_by_account_and_address: Rate::new(TEN, Duration::from_secs(10)),
            sign_in_by_account: Rate::new(HUNDRED, Duration::from_secs(10)),
            links_by_address: Rate::new(SIXTY, Duration::from_secs(3)),
            resets_by_account: Rate::new(THREE, Duration::from_mins(10)),
            setup_by_address: Rate::new(TEN, Duration::from_secs(30)),
            setup_tries: Rate::new(TWO_HUNDRED, Duration::from_secs(1)),
            password_hashes: 2,
            password_queue: 32,
            behind_proxy: false,
            event_heartbeat: Duration::from_secs(15),
            event_stream_lifetime: Duration::from_mins(10),
            event_streams: 2_000,
            event_streams_by_organization: 500,
            event_streams_by_caller: 30,
            credential_grace: Duration::from_mins(15),
        }
    }
}

impl ApiConfig {
    pub(crate) fn session_lifetime(&self) -> SessionLifetime {
        let signed = |duration| time::Duration::try_from(duration).unwrap_or(CENTURY);
        SessionLifetime {
            idle: signed(self.session_idle),
            absolute: signed(self.session_lifetime),
        }
    }

    /// The path that the session's cookie is sent to: that of the dashboard, so that nothing else on its host gets it.
    pub(crate) fn cookie_path(&self) -> &str {
        let url = self.public_url.as_deref().unwrap_or_default();
        let authority = url.find("://").map_or(0, |at| at + 3);
        let path = url[authority..].find('/').map(|at| &url[authority + at..]);
        path.unwrap_or("/")
    }

    /// Whether the session's cookie may travel over TLS only.
    pub(crate) fn secure_cookies(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }
}
