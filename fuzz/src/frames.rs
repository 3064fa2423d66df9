//! WebSocket frames: the size of the pieces that they arrive in, and what a client sends.

use std::ops::ControlFlow;

use peekaboo_actors::{WireEvent, WireParser};
use peekaboo_protocol::{ClientFrame, CloseCode, MAX_CLIENT_MESSAGE};

/// What a client sent means the same in whatever pieces it arrives, and no message is longer than may be.
///
/// # Panics
/// Where it does not, or one is.
pub fn check(data: &[u8]) {
    let Some((size, stream)) = data.split_first() else {
        return;
    };
    let whole = events(stream, stream.len());
    assert_eq!(events(stream, usize::from(*size)), whole);
}

fn events(stream: &[u8], size: usize) -> (Vec<String>, Result<(), CloseCode>) {
    let mut parser = WireParser::default();
    let mut events = Vec::new();
    let result = stream.chunks(size.max(1)).try_for_each(|piece| {
        parser.feed(&mut piece.to_vec(), |event| {
            events.push(format!("{event:?}"));
            if let WireEvent::Message(message) = event {
                assert!(message.len() <= MAX_CLIENT_MESSAGE);
                let _ = ClientFrame::decode(message);
            }
            ControlFlow::Continue(())
        })
    });
    (events, result)
}
