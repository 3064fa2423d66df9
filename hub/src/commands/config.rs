//! `peekaboo config`

use super::{Failure, print};
use crate::{cli::ConfigArgs, config::reference};

pub(super) fn run(args: ConfigArgs) -> Result<(), Failure> {
    if args.reference {
        print(&reference());
        return Ok(());
    }
    let loaded = args.settings.load()?;
    print(&loaded.describe());
    Ok(())
}
