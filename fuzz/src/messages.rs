//! Messages of the stream, EVENTS first of all: its batch is read by another decoder than the rest.

use peekaboo_protocol::{Batch, ClientFrame, Encoded, ServerFrame};
use serde_json::Value;

/// Whatever decodes can be encoded and decodes to the same, and a batch means the same as if it had come by HTTP.
///
/// # Panics
/// Where it does not.
pub fn check(data: &[u8]) {
    if let Ok(frame) = ClientFrame::decode(data) {
        assert_eq!(ClientFrame::decode(&frame.encode()).as_ref(), Ok(&frame));
        if let ClientFrame::Events { batch } = &frame {
            check_batch(batch);
        }
    }
    if let Ok(frame) = ServerFrame::decode(data) {
        assert_eq!(ServerFrame::decode(&frame.encode()), Ok(frame));
    }
}

fn check_batch(encoded: &Encoded) {
    let json: Value = rmp_serde::from_slice(encoded.as_bytes()).expect("it was checked");
    let by_http = serde_json::from_value::<Batch>(json.clone());
    match (Batch::decode(encoded), by_http) {
        (Ok(batch), Ok(by_http)) => {
            assert_eq!(batch, by_http);
            assert_eq!(Batch::decode(&batch.encode()), Ok(batch));
        }
        (Err(_), Err(_)) => {}
        // JSON's reader took the last of several members of one name before the batch saw them.
        (Err(_), Ok(by_http)) => assert_eq!(Batch::decode(&Encoded::of_json(&json)), Ok(by_http)),
        (Ok(batch), Err(error)) => panic!("{error}, but by the stream it is {batch:?}"),
    }
}
