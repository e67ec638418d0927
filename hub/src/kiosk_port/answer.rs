//! Answers: bytes of CBOR, or a [`Refusal`] with its status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use records::{
    codec,
    sync::{CONTENT_TYPE, Refusal, RefusalReason},
};

use crate::{log, store::StoreError};

/// What a handler gives back.
pub(super) type Answer = Result<Good, Refused>;

/// A body that was asked for.
pub(super) struct Good(pub(super) Vec<u8>);

impl IntoResponse for Good {
    fn into_response(self) -> Response {
        with_headers(StatusCode::OK, self.0)
    }
}

/// A request that was refused as a whole.
pub(super) struct Refused(Refusal);

impl Refused {
    fn new(reason: RefusalReason, message: impl Into<String>) -> Self {
        Self(Refusal { reason, message: message.into() })
    }
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(RefusalReason::BadRequest, message)
    }
    pub(super) fn not_paired() -> Self {
        Self::new(RefusalReason::NotPaired, "this kiosk is not paired with this hub. Pair it with a new code")
    }
    pub(super) fn struck_off() -> Self {
        Self::new(RefusalReason::StruckOff, "this kiosk was struck off. Ask the office")
    }
    pub(super) fn wrong_code(message: impl Into<String>) -> Self {
        Self::new(RefusalReason::WrongCode, message)
    }
    pub(super) fn nothing(message: impl Into<String>) -> Self {
        Self::new(RefusalReason::NothingThere, message)
    }
    /// More than a kiosk may bring now.
    pub(super) fn later(message: impl Into<String>) -> Self {
        Self::new(RefusalReason::NotNow, message)
    }
    /// The hub itself failed: the kiosk keeps what it has and tries again.
    pub(super) fn failed() -> Self {
        Self::new(RefusalReason::NotNow, "the hub cannot answer now. Nothing is lost; try again later")
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        log::line(&format!("kiosk request not answered: {error}"));
        match error {
            StoreError::Full => Self::later("the hub’s disk is full. Nothing is lost; it is tried again"),
            _ => Self::failed(),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self.0.reason {
            RefusalReason::WrongCode | RefusalReason::NotPaired | RefusalReason::StruckOff => {
                StatusCode::FORBIDDEN
            }
            RefusalReason::BadRequest => StatusCode::BAD_REQUEST,
            RefusalReason::NotNow => StatusCode::TOO_MANY_REQUESTS,
            RefusalReason::NothingThere => StatusCode::NOT_FOUND,
        };
        with_headers(status, codec::encode(&self.0))
    }
}

fn with_headers(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}
