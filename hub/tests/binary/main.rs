//! The `peekaboo` command from outside: the real binary, its ports, its files and its signals.

mod evaluate;
mod first_run;
mod lifecycle;
mod observability;
mod postgres;
mod refusals;
mod stream;
mod support;
mod wire;
