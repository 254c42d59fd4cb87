//! Live updates: a WebSocket of numbered messages. The client authenticates in its first message and says what it saw last.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use shelfiq_app::live::{LiveMessage, Watch};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Duration, timeout};

use crate::state::ApiState;

/// A client that has not authenticated by then is sent away.
const GREETING_SECONDS: u64 = 10;
/// A message to the client that takes longer means that it is gone.
const SEND_SECONDS: u64 = 15;
const MESSAGE_BYTES_MAX: usize = 16 << 10;

/// What the client asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct LiveQuery {
    /// Number of the last message seen, on a reconnect.
    after: Option<u64>,
}

/// The client's first message.
#[derive(Deserialize)]
struct Greeting {
    token: String,
}

/// `GET /api/v1/live`, upgraded to a WebSocket.
pub(crate) async fn watch(
    upgrade: WebSocketUpgrade,
    Query(query): Query<LiveQuery>,
    State(state): State<ApiState>,
) -> Response {
    upgrade.max_message_size(MESSAGE_BYTES_MAX).on_upgrade(move |socket| async move {
        // A client that goes away is no error; there is nobody left to tell.
        drop(serve(socket, query, state).await);
    })
}

async fn serve(mut socket: WebSocket, query: LiveQuery, state: ApiState) -> Result<(), axum::Error> {
    let Some(actor) = greet(&mut socket, &state).await else {
        return send(&mut socket, &json!({ "type": "refused", "data": { "detail": "the first message must be {\"token\": …} with a valid access token" } })).await;
    };
    let Watch { missed, has_gap, mut receiver, last_seq } = state.platform.live().watch(actor.merchant(), query.after);
    send(&mut socket, &json!({ "seq": last_seq, "type": "welcome", "data": { "reload": has_gap } })).await?;
    for message in missed {
        send(&mut socket, &message).await?;
    }
    loop {
        tokio::select! {
            next = receiver.recv() => match next {
                Ok(message) => send::<LiveMessage>(&mut socket, &message).await?,
                Err(RecvError::Lagged(_)) => send(&mut socket, &json!({ "type": "welcome", "data": { "reload": true } })).await?,
                Err(RecvError::Closed) => return Ok(()),
            },
            heard = socket.recv() => match heard {
                None | Some(Ok(Message::Close(_))) => return Ok(()),
                Some(Err(error)) => return Err(error),
                Some(Ok(_)) => {}
            },
        }
    }
}

async fn greet(socket: &mut WebSocket, state: &ApiState) -> Option<shelfiq_app::access::Actor> {
    let first = timeout(Duration::from_secs(GREETING_SECONDS), socket.recv()).await.ok()??.ok()?;
    let greeting: Greeting = serde_json::from_str(first.to_text().ok()?).ok()?;
    state.identity.authenticate(&greeting.token).await.ok()
}

async fn send<T: serde::Serialize>(socket: &mut WebSocket, message: &T) -> Result<(), axum::Error> {
    let text = serde_json::to_string(message).map_err(axum::Error::new)?;
    match timeout(Duration::from_secs(SEND_SECONDS), socket.send(Message::Text(text.into()))).await {
        Ok(sent) => sent,
        Err(elapsed) => Err(axum::Error::new(elapsed)),
    }
}
