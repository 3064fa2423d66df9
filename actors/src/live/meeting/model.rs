//! The protocols next to this file over loom's primitives, in every interleaving.
//!
//! loom and not shuttle: shuttle samples schedules and takes every atomic for sequentially consistent, while loom tries
//! all of them and lets a load return whatever the memory model allows. It needs no `cfg(loom)` here, because the files
//! are compiled a second time below, against another `sync`.

mod sync {
    pub(super) use std::sync::PoisonError;

    pub(super) use loom::sync::Mutex;
    pub(super) use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
}

#[path = "gathering.rs"]
#[expect(clippy::duplicate_mod, reason = "over loom's primitives")]
mod gathering;
#[path = "occupancy.rs"]
#[expect(clippy::duplicate_mod, reason = "over loom's primitives")]
mod occupancy;
#[path = "signal.rs"]
#[expect(clippy::duplicate_mod, reason = "over loom's primitives")]
mod signal;

use std::collections::BTreeSet;

use loom::model::Builder;
use loom::sync::Arc;
use loom::thread;

use self::gathering::Gathering;
use self::occupancy::Occupancy;
use self::signal::Signal;
use self::sync::{AtomicUsize, Mutex, Ordering};

/// Runs a scenario in every interleaving in which threads are interrupted up to three times. Without a bound some
/// scenarios run for minutes; mistakes put into the protocols show well within it.
fn model(scenario: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(scenario);
}

/// Messages sent and not yet handled.
#[derive(Clone)]
struct Mailbox(Arc<Mutex<usize>>);

impl Mailbox {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(0)))
    }

    fn send(&self) {
        *self.0.lock().expect("not poisoned") += 1;
    }

    fn receive(&self) -> bool {
        let mut messages = self.0.lock().expect("not poisoned");
        let is_there = *messages > 0;
        *messages -= usize::from(is_there);
        is_there
    }
}

#[test]
fn no_hint_is_lost_and_each_has_the_actor_look_after_it() {
    model(|| {
        let hints = Arc::new(Gathering::<BTreeSet<u8>>::new());
        let mailbox = Mailbox::new();
        let hinting = [1, 2].map(|hint| {
            let (hints, mailbox) = (hints.clone(), mailbox.clone());
            thread::spawn(move || {
                let must_announce = hints.add(|all| {
                    all.insert(hint);
                });
                if must_announce {
                    mailbox.send();
                }
            })
        });
        let mut seen = BTreeSet::new();
        let mut takes = 0;
        let mut handle = |seen: &mut BTreeSet<u8>| {
            while mailbox.receive() {
                seen.extend(hints.take());
                takes += 1;
            }
        };
        handle(&mut seen);
        for thread in hinting {
            thread.join().expect("hinted");
        }
        handle(&mut seen);
        assert_eq!(seen, BTreeSet::from([1, 2]));
        assert!(takes <= 2, "never more messages than hints");
        assert!(hints.take().is_empty(), "nothing is left unannounced");
    });
}

#[test]
fn the_last_report_holds_every_move() {
    model(|| {
        let signal = Arc::new(Signal::new());
        let connections = Arc::new(AtomicUsize::new(0));
        let mailbox = Mailbox::new();
        let moving = [(); 2].map(|()| {
            let (signal, connections) = (signal.clone(), connections.clone());
            let mailbox = mailbox.clone();
            thread::spawn(move || {
                connections.fetch_add(1, Ordering::Relaxed);
                if signal.raise() {
                    mailbox.send();
                }
            })
        });
        let mut reported = 0;
        let report = |reported: &mut usize| {
            while mailbox.receive() {
                signal.lower();
                *reported = connections.load(Ordering::Relaxed);
            }
        };
        report(&mut reported);
        for thread in moving {
            thread.join().expect("moved");
        }
        report(&mut reported);
        assert_eq!(reported, 2);
    });
}

#[test]
fn a_tenant_never_rests_under_a_connection_that_stays() {
    model(|| {
        let tenant = Arc::new(Occupancy::new());
        let resting = thread::spawn({
            let tenant = tenant.clone();
            move || tenant.try_rest(|| false)
        });
        let staying = [(); 2].map(|()| {
            let tenant = tenant.clone();
            thread::spawn(move || {
                tenant.enter();
                let stays = !tenant.is_resting();
                if !stays {
                    tenant.leave();
                }
                stays
            })
        });
        let stay = staying.map(|thread| thread.join().expect("entered"));
        let rests = resting.join().expect("decided");
        assert!(
            !(rests && stay.contains(&true)),
            "they would hold a tenant that nobody finds"
        );
        assert!(
            rests || stay == [true; 2],
            "nobody is turned away for nothing"
        );
    });
}

#[test]
fn a_tenant_never_rests_under_a_watcher_that_stays() {
    model(|| {
        let tenant = Arc::new(Occupancy::new());
        let watchers = Arc::new(Mutex::new(0));
        let watching = thread::spawn({
            let (tenant, watchers) = (tenant.clone(), watchers.clone());
            move || {
                *watchers.lock().expect("not poisoned") += 1;
                !tenant.is_resting()
            }
        });
        let connecting = thread::spawn({
            let tenant = tenant.clone();
            move || {
                tenant.enter();
                let stays = !tenant.is_resting();
                tenant.leave();
                stays
            }
        });
        let rests = tenant.try_rest(|| *watchers.lock().expect("not poisoned") > 0);
        let watcher_stays = watching.join().expect("watched");
        connecting.join().expect("entered");
        assert!(!(rests && watcher_stays));
        assert_eq!(rests, tenant.is_resting(), "no trace of an attempt is left");
    });
}
