//! The bytes of a socket before they are taken for frames.
//!
//! The library keeps the bytes of a frame until it is whole and only then looks whether it is too large; what a frame
//! announces is looked at here before that.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{FromRequest as _, HttpRequest, dev, error::PayloadError, web, web::Bytes};
use futures_util::{FutureExt as _, Stream};

/// The bits of a frame's first byte that only extensions use, and there are none.
const RESERVED: u8 = 0b0111_0000;

/// The bit of a frame's second byte that says that a mask follows, and the bits that say how long it is.
const MASKED: u8 = 0b1000_0000;

/// What passes bytes on as long as no frame announces more than so many.
struct Inlet {
    payload: web::Payload,
    heads: Heads,
}

/// Reads the heads of frames in a stream of bytes.
#[derive(Debug)]
struct Heads {
    most: u64,
    head: Vec<u8>,
    /// Bytes of the frame's content that are still to come.
    content: u64,
}

/// The payload of a request that opens a socket, within a limit of bytes for each frame.
pub(super) fn inlet(request: &HttpRequest, payload: web::Payload, most: usize) -> Option<web::Payload> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let inlet = Inlet { payload, heads: Heads { most, head: Vec::new(), content: 0 } };
    let mut stream: dev::Payload = dev::Payload::Stream { payload: Box::pin(inlet) };
    web::Payload::from_request(request, &mut stream).now_or_never()?.ok()
}

impl Heads {
    fn read(&mut self, mut bytes: &[u8]) -> Result<(), PayloadError> {
        loop {
            let skipped = usize::try_from(self.content).unwrap_or(usize::MAX).min(bytes.len());
            self.content = self.content.saturating_sub(u64::try_from(skipped).unwrap_or(u64::MAX));
            bytes = bytes.get(skipped..).unwrap_or_default();
            let Some((byte, rest)) = bytes.split_first() else { return Ok(()) };
            bytes = rest;
            self.head.push(*byte);
            if let Some(content) = announced(&self.head)? {
                if content > self.most {
                    return Err(PayloadError::Overflow);
                }
                self.content = content;
                self.head.clear();
            }
        }
    }
}

/// The length of a frame's content, once its head is whole (RFC 6455, section 5.2).
fn announced(head: &[u8]) -> Result<Option<u64>, PayloadError> {
    let Some((first, rest)) = head.split_first() else { return Ok(None) };
    if first & RESERVED != 0 {
        return Err(PayloadError::EncodingCorrupted);
    }
    let Some((second, rest)) = rest.split_first() else { return Ok(None) };
    let (length, rest) = match second & !MASKED {
        126 => match rest.split_first_chunk() {
            Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
            None => return Ok(None),
        },
        127 => match rest.split_first_chunk() {
            Some((length, rest)) => (u64::from_be_bytes(*length), rest),
            None => return Ok(None),
        },
        length => (u64::from(length), rest),
    };
    let mask = if second & MASKED == 0 { 0 } else { 4 };
    Ok((rest.len() >= mask).then_some(length))
}

impl Stream for Inlet {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = Pin::new(&mut self.payload).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &chunk
            && let Err(error) = self.heads.read(bytes)
        {
            return Poll::Ready(Some(Err(error)));
        }
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Result<(), PayloadError> {
        let mut heads = Heads { most: 300, head: Vec::new(), content: 0 };
        chunks.iter().try_for_each(|chunk| heads.read(chunk))
    }

    #[test]
    fn frames_within_the_limit_pass_however_they_are_cut() {
        let mut bytes = vec![0x81, 0x80, 1, 2, 3, 4, 0x89, 0x83, 0, 0, 0, 0, b'a', b'b', b'c'];
        bytes.extend([0x81, 0xfe, 1, 44, 0, 0, 0, 0]);
        bytes.extend([b' '; 300]);
        bytes.extend([0x01, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xff]);
        bytes.extend([0x80, 0x01, b'x']);
        read(&[&bytes]).unwrap();
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        read(&single).unwrap();
    }

    #[test]
    fn what_a_frame_announces_is_enough_to_refuse_it() {
        for head in [
            &[0x81, 0xfe, 1, 45, 0, 0, 0, 0][..],
            &[0x81, 0xff, 0, 0, 0, 0, 0, 0, 1, 45, 0, 0, 0, 0],
            &[0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        ] {
            assert!(matches!(read(&[head]), Err(PayloadError::Overflow)), "{head:?}");
        }
        assert!(matches!(read(&[&[0x81, 0x80, 0, 0, 0, 0, 0xc1]]), Err(PayloadError::EncodingCorrupted)));
    }
}
