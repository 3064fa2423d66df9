//! WebSocket framing without a WebSocket object: a parser for what small clients send, and frames that shards write.
//!
//! Headers, opcodes and unmasking are those of `fastwebsockets`. Its reader is not used, because every one begins with
//! a buffer of 8 KB, where an idle connection takes 1.1 KB in all (`peekaboo-bench idle`). The parser here keeps memory
//! only while a message is incomplete, and at most one message of it. It never answers a frame by itself and never
//! touches a socket.

use std::ops::ControlFlow;

use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, unmask};
use peekaboo_protocol::{CloseCode, MAX_CLIENT_MESSAGE};

/// The largest payload of a control frame, by RFC 6455.
const MAX_CONTROL: usize = 125;

/// The longest header of a frame without a mask.
const MAX_HEADER: usize = 10;

/// The maximum number of fragments of a message. No client has a reason to send more.
const MAX_FRAGMENTS: u8 = 64;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A whole binary message.
    Message(&'a [u8]),
    /// To be answered with the same payload.
    Ping(&'a [u8]),
    /// An answer to a ping.
    Pong,
    /// The client says goodbye.
    Close,
}

/// A frame that makes further parsing pointless, and the code to close with.
pub(crate) type Violation = CloseCode;

/// Parses masked client frames out of whatever pieces arrive.
#[derive(Default)]
pub struct Parser {
    /// Kept only while something is incomplete, which for small frames is never.
    incomplete: Option<Box<Incomplete>>,
}

#[derive(Default)]
struct Incomplete {
    /// Bytes of a frame whose end has not arrived, or that follow a message at which the caller paused.
    rest: Vec<u8>,
    /// The pieces of a fragmented message so far, unmasked.
    message: Vec<u8>,
    /// How many pieces; 0 outside of a fragmented message.
    fragments: u8,
}

/// A frame's header, once it is all there.
struct Header {
    fin: bool,
    opcode: OpCode,
    mask: [u8; 4],
    length: usize,
    payload_at: usize,
}

impl Parser {
    /// Parses `input`, calling `on_event` for each event until it breaks. After a break the remaining bytes are kept,
    /// and the next call (also with no input) goes on with them.
    pub fn feed(
        &mut self,
        input: &mut [u8],
        on_event: impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<(), Violation> {
        let mut incomplete = self
            .incomplete
            .take()
            .map_or_else(Incomplete::default, |kept| *kept);
        let mut bytes = std::mem::take(&mut incomplete.rest);
        if bytes.is_empty() {
            return self.parse(incomplete, input, on_event);
        }
        bytes.extend_from_slice(input);
        self.parse(incomplete, &mut bytes, on_event)
    }

    /// Whether no bytes wait for the next call.
    #[cfg(test)]
    fn is_idle(&self) -> bool {
        self.incomplete.is_none()
    }

    fn parse(
        &mut self,
        mut incomplete: Incomplete,
        mut bytes: &mut [u8],
        mut on_event: impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<(), Violation> {
        while let Some(header) = header(bytes, incomplete.message.len(), incomplete.fragments > 0)?
        {
            if bytes.len() < header.payload_at + header.length {
                break;
            }
            let (frame, rest) = bytes.split_at_mut(header.payload_at + header.length);
            bytes = rest;
            let payload = &mut frame[header.payload_at..];
            unmask(payload, header.mask);
            let flow = match header.opcode {
                OpCode::Ping => on_event(Event::Ping(payload)),
                OpCode::Pong => on_event(Event::Pong),
                OpCode::Close if !is_valid_close(payload) => return Err(CloseCode::ProtocolError),
                OpCode::Close => on_event(Event::Close),
                OpCode::Binary if header.fin => on_event(Event::Message(payload)),
                _ => incomplete.piece(header.fin, payload, &mut on_event)?,
            };
            if flow.is_break() {
                break;
            }
        }
        incomplete.rest.extend_from_slice(bytes);
        if !incomplete.rest.is_empty() || incomplete.fragments > 0 {
            self.incomplete = Some(Box::new(incomplete));
        }
        Ok(())
    }
}

impl Incomplete {
    fn piece(
        &mut self,
        fin: bool,
        payload: &[u8],
        on_event: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Violation> {
        self.fragments += 1;
        if self.fragments > MAX_FRAGMENTS {
            return Err(CloseCode::ProtocolError);
        }
        self.message.extend_from_slice(payload);
        if !fin {
            return Ok(ControlFlow::Continue(()));
        }
        self.fragments = 0;
        let message = std::mem::take(&mut self.message);
        Ok(on_event(Event::Message(&message)))
    }
}

/// Reads and judges the header at the front; `None` while it is incomplete. A frame too large or out of order is
/// refused by its header, before any of its payload is kept.
fn header(bytes: &[u8], assembled: usize, fragmented: bool) -> Result<Option<Header>, Violation> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    let (fin, masked) = (first & 0x80 != 0, second & 0x80 != 0);
    let opcode = OpCode::try_from(first & 0x0f).map_err(|_| CloseCode::ProtocolError)?;
    let reserved = first & 0x70 != 0;
    let control = matches!(opcode, OpCode::Close | OpCode::Ping | OpCode::Pong);
    let continues = matches!(opcode, OpCode::Continuation);
    if reserved || !masked || (control && !fin) || (!control && continues != fragmented) {
        return Err(CloseCode::ProtocolError);
    }
    if matches!(opcode, OpCode::Text) {
        return Err(CloseCode::UnsupportedData);
    }
    let (length, payload_at): (usize, usize) = match second & 0x7f {
        short @ 0..=125 => (usize::from(short), 6),
        _ if control => return Err(CloseCode::ProtocolError),
        126 => match rest.first_chunk() {
            Some(length) => (usize::from(u16::from_be_bytes(*length)), 8),
            None => return Ok(None),
        },
        // Only a message past every limit needs eight bytes for its length.
        _ => return Err(CloseCode::Limit),
    };
    debug_assert!(!control || length <= MAX_CONTROL);
    if !control && assembled + length > MAX_CLIENT_MESSAGE {
        return Err(CloseCode::Limit);
    }
    let mask = payload_at
        .checked_sub(4)
        .and_then(|at| bytes.get(at..)?.first_chunk().copied());
    Ok(mask.map(|mask| Header {
        fin,
        opcode,
        mask,
        length,
        payload_at,
    }))
}

/// Whether a close frame is as RFC 6455 requires: empty, or a code that may be sent and a reason in UTF-8.
fn is_valid_close(payload: &[u8]) -> bool {
    match payload {
        [] => true,
        [first, second, reason @ ..] => {
            let code = u16::from_be_bytes([*first, *second]);
            fastwebsockets::CloseCode::from(code).is_allowed() && str::from_utf8(reason).is_ok()
        }
        [_] => false,
    }
}

/// One unmasked frame around `payload`: the same bytes serve every socket.
pub(crate) fn binary(payload: &[u8]) -> Bytes {
    framed(OpCode::Binary, payload)
}

/// A ping without payload.
pub(crate) const PING: &[u8] = &[0x89, 0];

/// The answer to a ping.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    framed(OpCode::Pong, payload)
}

/// The answer to a client's close.
pub(crate) fn goodbye() -> Bytes {
    framed(OpCode::Close, &1000_u16.to_be_bytes())
}

/// A close frame; its reason is the code's name.
pub(crate) fn close(code: CloseCode) -> Bytes {
    let mut payload = code.code().to_be_bytes().to_vec();
    payload.extend_from_slice(code.name().as_bytes());
    framed(OpCode::Close, &payload)
}

fn framed(opcode: OpCode, payload: &[u8]) -> Bytes {
    let mut head = [0; MAX_HEADER];
    let length = Frame::new(true, opcode, None, Payload::Borrowed(payload)).fmt_head(&mut head);
    [&head[..length], payload].concat().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MASK: [u8; 4] = [1, 2, 3, 4];

    fn client(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            short @ 0..=125 => frame.push(0x80 | u8::try_from(short).unwrap()),
            medium => {
                frame.push(0xfe);
                frame.extend(u16::try_from(medium).unwrap().to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(
            payload
                .iter()
                .zip(MASK.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        frame
    }

    /// Feeds `pieces` and describes what came out.
    fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<String>, Violation> {
        let mut parser = Parser::default();
        let mut seen = Vec::new();
        for piece in pieces {
            parser.feed(&mut piece.to_vec(), |event| {
                seen.push(match event {
                    Event::Message(bytes) => format!("message {}", String::from_utf8_lossy(bytes)),
                    Event::Ping(bytes) => format!("ping {}", String::from_utf8_lossy(bytes)),
                    other => format!("{other:?}"),
                });
                ControlFlow::Continue(())
            })?;
        }
        Ok(seen)
    }

    #[test]
    fn frames_arrive_in_any_pieces() {
        let stream = [
            client(0x82, b"hello"),
            client(0x89, b"p"),
            client(0x02, b"frag"),
            client(0x8a, b""),
            client(0x80, b"mented"),
            client(0x82, &[b'x'; 300]),
            client(0x88, &[0x03, 0xe8]),
        ]
        .concat();
        let long = format!("message {}", "x".repeat(300));
        let expected = [
            "message hello",
            "ping p",
            "Pong",
            "message fragmented",
            &long,
            "Close",
        ];
        for size in 1..stream.len() {
            assert_eq!(
                parse(stream.chunks(size)).unwrap(),
                expected,
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn nothing_is_kept_between_whole_frames() {
        let mut parser = Parser::default();
        parser
            .feed(&mut client(0x82, b"hello"), |_| ControlFlow::Continue(()))
            .unwrap();
        assert!(parser.is_idle());
    }

    #[test]
    fn a_pause_keeps_what_follows() {
        let mut parser = Parser::default();
        let mut input = [client(0x82, b"one"), client(0x82, b"two")].concat();
        let mut seen = Vec::new();
        for input in [input.as_mut_slice(), &mut []] {
            parser
                .feed(input, |event| {
                    let Event::Message(bytes) = event else {
                        panic!("{event:?}")
                    };
                    seen.push(bytes.to_vec());
                    ControlFlow::Break(())
                })
                .unwrap();
        }
        assert_eq!(seen, [b"one", b"two"]);
        assert!(parser.is_idle());
    }

    #[test]
    fn what_rfc_6455_forbids_is_a_protocol_error() {
        let unmasked = [0x82, 1, b'x'];
        let reserved_bit = client(0xc2, b"x");
        let reserved_opcode = client(0x83, b"x");
        let fragmented_ping = client(0x09, b"x");
        let long_ping = client(0x89, &[0; 126]);
        let continuation_of_nothing = client(0x80, b"x");
        let new_message_inside_another = [client(0x02, b"x"), client(0x82, b"y")].concat();
        let endless_fragments = [client(0x02, b""), client(0x00, b"").repeat(64)].concat();
        for bytes in [
            unmasked.as_slice(),
            &reserved_bit,
            &reserved_opcode,
            &fragmented_ping,
            &long_ping,
            &continuation_of_nothing,
            &new_message_inside_another,
            &endless_fragments,
        ] {
            assert_eq!(
                parse([bytes]),
                Err(CloseCode::ProtocolError),
                "{bytes:02x?}"
            );
        }
        assert_eq!(
            parse([client(0x81, b"text").as_slice()]),
            Err(CloseCode::UnsupportedData)
        );
    }

    #[test]
    fn a_close_frame_has_a_valid_code_and_a_reason_in_utf_8() {
        let close = |code: u16, reason: &[u8]| {
            let payload = [&code.to_be_bytes()[..], reason].concat();
            parse([client(0x88, &payload).as_slice()])
        };
        assert_eq!(
            parse([client(0x88, b"").as_slice()]),
            Ok(vec!["Close".to_owned()])
        );
        for code in [
            1000, 1001, 1002, 1003, 1007, 1011, 1013, 3000, 3999, 4000, 4999,
        ] {
            assert_eq!(
                close(code, "café".as_bytes()),
                Ok(vec!["Close".to_owned()]),
                "{code}"
            );
        }
        for code in [
            0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535,
        ] {
            assert_eq!(close(code, b""), Err(CloseCode::ProtocolError), "{code}");
        }
        assert_eq!(close(1000, b"\xce\xba\xe1"), Err(CloseCode::ProtocolError));
        assert_eq!(
            parse([client(0x88, b"x").as_slice()]),
            Err(CloseCode::ProtocolError)
        );
    }

    #[test]
    fn a_message_past_the_limit_is_refused_by_its_header() {
        let largest = client(0x82, &vec![0; MAX_CLIENT_MESSAGE]);
        assert_eq!(parse([largest.as_slice()]).unwrap().len(), 1);
        let larger = &client(0x82, &vec![0; MAX_CLIENT_MESSAGE + 1])[..8];
        assert_eq!(parse([larger]), Err(CloseCode::Limit));
        let huge = [0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 1];
        assert_eq!(parse([huge.as_slice()]), Err(CloseCode::Limit));
        let in_pieces = [
            client(0x02, &vec![0; MAX_CLIENT_MESSAGE]),
            client(0x80, b"x"),
        ]
        .concat();
        assert_eq!(parse([in_pieces.as_slice()]), Err(CloseCode::Limit));
    }

    /// Bytes of clients, decent ones more often than chance would have it.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let first = prop_oneof![
            Just(0x82_u8),
            Just(0x02),
            Just(0x00),
            Just(0x80),
            Just(0x89),
            Just(0x8a),
            any::<u8>()
        ];
        let decent = (first, prop::collection::vec(any::<u8>(), 0..200))
            .prop_map(|(first, payload)| client(first, &payload));
        let any = prop::collection::vec(any::<u8>(), 0..20);
        prop::collection::vec(prop_oneof![4 => decent, 1 => any], 0..8)
            .prop_map(|frames| frames.concat())
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(bytes in stream(), size in 1_usize..64) {
            let events = |size: usize| {
                let mut parser = Parser::default();
                let mut seen = Vec::new();
                let result = bytes.chunks(size).try_for_each(|piece| {
                    parser.feed(&mut piece.to_vec(), |event| {
                        seen.push(format!("{event:?}"));
                        ControlFlow::Continue(())
                    })
                });
                (seen, result)
            };
            let whole = events(bytes.len().max(1));
            prop_assert_eq!(events(size), whole);
        }
    }

    #[test]
    fn frames_have_the_shortest_header() {
        assert_eq!(&binary(b"x")[..], [0x82, 1, b'x']);
        assert_eq!(&binary(&[0; 126])[..4], [0x82, 126, 0, 126]);
        assert_eq!(
            &binary(&vec![0; 65_536])[..10],
            [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]
        );
        assert_eq!(&close(CloseCode::TooSlow)[..4], [0x88, 10, 0x0f, 0xa2]);
    }
}
