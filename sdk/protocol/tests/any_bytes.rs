//! Whatever arrives, decoding answers, and what it accepts it can write.

use peekaboo_protocol::{ClientFrame, ServerFrame};
use proptest::prelude::*;

/// Bytes that look like messages more often than chance would have it.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let head = prop_oneof![0x90_u8..=0x9f, Just(0xdc), Just(0xdd), any::<u8>()];
    let kind = prop_oneof![0_u8..9, 15_u8..26, any::<u8>()];
    let marker = prop_oneof![Just(0xc0_u8), 0x80_u8..=0xbf, 0xc0_u8..=0xdf, any::<u8>()];
    (head, kind, prop::collection::vec(marker, 0..200))
        .prop_map(|(head, kind, rest)| [vec![head, kind], rest].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn decoding_never_panics_and_encoding_is_stable(bytes in prop_oneof![likely(), prop::collection::vec(any::<u8>(), 0..300)]) {
        if let Ok(frame) = ClientFrame::decode(&bytes) {
            prop_assert_eq!(ClientFrame::decode(&frame.encode()), Ok(frame));
        }
        if let Ok(frame) = ServerFrame::decode(&bytes) {
            prop_assert_eq!(ServerFrame::decode(&frame.encode()), Ok(frame));
        }
    }
}
