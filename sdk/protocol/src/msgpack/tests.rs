//! What is written reads back, and what is not MessagePack is refused.

use proptest::prelude::*;

use serde_json::{Map, Number, Value};

use super::*;
use crate::{DecodeError, MAX_SERVER_DEPTH};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-300_i64..70_000).prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |value| Number::from_f64(value).map(Value::Number)),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..20)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn written_values_are_read_back(value in json()) {
        let encoded = Encoded::of_json(&value);
        let mut reader = Reader::new(encoded.as_bytes());
        prop_assert_eq!(reader.encoded(16), Ok(encoded.as_bytes()));
        prop_assert!(reader.is_empty());
        let mut reader = Reader::new(encoded.as_bytes());
        prop_assert_eq!(reader.value(16), Ok(value));
        prop_assert!(reader.is_empty());
    }

    #[test]
    fn every_cut_is_noticed(value in json(), cut in any::<prop::sample::Index>()) {
        let encoded = Encoded::of_json(&value);
        let bytes = encoded.as_bytes();
        let mut reader = Reader::new(&bytes[..cut.index(bytes.len())]);
        prop_assert_eq!({ reader }.value(16), Err(DecodeError::Truncated));
        prop_assert_eq!(reader.encoded(16), Err(DecodeError::Truncated));
    }
}

#[test]
fn long_strings_arrays_and_maps_read_back() {
    for length in [15, 16, 31, 32, 255, 256, 65_535, 65_536] {
        let text = "x".repeat(length);
        let array = vec![Value::Null; length];
        let map: Map<String, Value> = (0..length).map(|n| (n.to_string(), Value::Null)).collect();
        for value in [Value::from(text), Value::from(array), Value::Object(map)] {
            assert_eq!(
                Reader::new(Encoded::of_json(&value).as_bytes())
                    .value(1)
                    .as_ref(),
                Ok(&value)
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn values_that_stay_encoded_are_checked_like_decoded_ones(
        bytes in prop::collection::vec(prop_oneof![0x80_u8..=0xa4, 0xc0_u8..=0xdf, any::<u8>()], 0..40),
        depth in 0_usize..4,
    ) {
        let mut decoded = Reader::new(&bytes);
        let mut left = Reader::new(&bytes);
        prop_assert_eq!(left.encoded(depth).map(drop), decoded.value(depth).map(drop));
        prop_assert_eq!(left.is_empty(), decoded.is_empty());
    }
}

#[test]
fn an_announced_length_is_not_believed() {
    let four_billion_elements = [0xdd, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(
        Reader::new(&four_billion_elements).value(8),
        Err(DecodeError::Truncated)
    );
    let four_billion_entries = [0xdf, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(
        Reader::new(&four_billion_entries).value(8),
        Err(DecodeError::Truncated)
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = [vec![0x91; 8], vec![0xc0]].concat();
    assert!(Reader::new(&nested).value(8).is_ok());
    assert_eq!(Reader::new(&nested).value(7), Err(DecodeError::TooDeep));
    let endless = vec![0x91; 1_000_000];
    assert_eq!(
        Reader::new(&endless).value(MAX_SERVER_DEPTH),
        Err(DecodeError::TooDeep)
    );
}
