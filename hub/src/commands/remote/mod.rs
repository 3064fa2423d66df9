//! What commands that talk to a running hub share: where it is, how to ask it, and how to carry out a plan there.

mod apply;
mod args;
mod client;
mod confirm;
mod error;
mod http;
mod show;

pub(super) use self::{
    args::HubArgs,
    client::Client,
    confirm::{ConfirmArgs, confirm_and_apply},
    show::show,
};
