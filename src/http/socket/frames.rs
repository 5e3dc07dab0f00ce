//! From WebSocket frames to whole messages of text, within a limit of bytes.

use std::io;

use actix_web::{
    error::PayloadError,
    web::{Bytes, BytesMut},
};
use actix_ws::{CloseReason, Item, Message, MessageStream, ProtocolError};

use super::close::Close;

/// What arrived.
#[derive(Debug)]
pub(super) enum Frame {
    /// A whole message.
    Text(String),
    /// A ping of the WebSocket protocol, which is answered with the same bytes.
    Ping(Bytes),
    /// The answer to a ping of ours.
    Pong,
    /// The client closes.
    Close(Option<CloseReason>),
    /// What makes us close.
    Wrong(Close),
    /// The connection is gone.
    Gone,
}

/// The receiving end.
pub(super) struct Frames {
    stream: MessageStream,
    most: usize,
    /// The message that arrives in parts.
    begun: BytesMut,
}

impl Frames {
    pub(super) fn new(stream: MessageStream, most: usize) -> Self {
        Self { stream: stream.max_frame_size(most), most, begun: BytesMut::new() }
    }

    /// What arrives next. Nothing is lost if the wait is given up.
    pub(super) async fn next(&mut self) -> Frame {
        loop {
            let message = match self.stream.recv().await {
                None => return Frame::Gone,
                Some(Err(error)) => return wrong(&error),
                Some(Ok(message)) => message,
            };
            let whole = match message {
                Message::Text(text) => return Frame::Text(text.into()),
                Message::Ping(payload) => return Frame::Ping(payload),
                Message::Pong(_) => return Frame::Pong,
                Message::Close(reason) => return Frame::Close(reason),
                Message::Binary(_) | Message::Continuation(Item::FirstBinary(_)) => {
                    return Frame::Wrong(Close::BadMessage);
                }
                Message::Nop => continue,
                Message::Continuation(Item::FirstText(part) | Item::Continue(part)) => {
                    self.part(&part, false)
                }
                Message::Continuation(Item::Last(part)) => self.part(&part, true),
            };
            if let Some(frame) = whole {
                return frame;
            }
        }
    }

    fn part(&mut self, part: &[u8], last: bool) -> Option<Frame> {
        if self.begun.len().saturating_add(part.len()) > self.most {
            return Some(Frame::Wrong(Close::TooLarge));
        }
        self.begun.extend_from_slice(part);
        if !last {
            return None;
        }
        let whole = std::mem::take(&mut self.begun);
        Some(match String::from_utf8(whole.into()) {
            Ok(text) => Frame::Text(text),
            Err(_bytes) => Frame::Wrong(Close::NotUtf8),
        })
    }
}

fn wrong(error: &ProtocolError) -> Frame {
    match error {
        ProtocolError::Overflow => Frame::Wrong(Close::TooLarge),
        ProtocolError::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Frame::Wrong(Close::NotUtf8)
        }
        ProtocolError::Io(error) => match error.get_ref().and_then(|cause| cause.downcast_ref()) {
            // What the inlet refuses.
            Some(PayloadError::Overflow) => Frame::Wrong(Close::TooLarge),
            Some(PayloadError::EncodingCorrupted) => Frame::Wrong(Close::Broken),
            _ => Frame::Gone,
        },
        _ => Frame::Wrong(Close::Broken),
    }
}
