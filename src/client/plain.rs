//! http, by hyper: one connection, one request, one answer (RFC 9112).

use super::transport::{FetchError, Limits, Response, Transport};
use super::url::Url;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::thread;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time;

/// The most bytes of an answer's head.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// What a set of keys is asked for as: its own media type (RFC 7517 §8.5), and what most servers say.
pub(super) const ACCEPT: &str = "application/jwk-set+json, application/json";

/// http without TLS.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Transport for Plain {
    fn fetch(
        &self,
        url: &Url,
        etag: Option<&str>,
        limits: &Limits,
    ) -> Result<Response, FetchError> {
        let mut headers = vec![(header::ACCEPT, ACCEPT)];
        headers.extend(etag.map(|etag| (header::IF_NONE_MATCH, etag)));
        let only_of_200 = |status| status == StatusCode::OK;
        // a thread of its own: one that drives futures already must not wait for others
        let answer = thread::scope(|scope| {
            let exchange = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .map_err(|error| FetchError::Unreachable(error.to_string()))?;
                let answer = runtime.block_on(exchange(url, &headers, only_of_200, limits));
                // a name that is still being looked up is not waited for
                runtime.shutdown_background();
                answer
            });
            let panicked = |_| FetchError::Protocol("the exchange panicked".to_owned());
            exchange.join().map_err(panicked).flatten()
        })?;
        Ok(response(answer))
    }
}

fn response(answer: Answer) -> Response {
    let text = |name| answer.headers.get(name)?.to_str().ok().map(str::to_owned);
    Response {
        status: answer.status.as_u16(),
        etag: text(header::ETAG),
        cache_control: text(header::CACHE_CONTROL),
        age: text(header::AGE),
        location: text(header::LOCATION),
        body: answer.body,
    }
}

/// An answer with its whole head.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A GET with these headers, all of it within the limits. Redirects are not followed.
///
/// # Errors
///
/// When there is no whole answer within them, or a header cannot be sent.
pub(crate) async fn exchange(
    url: &Url,
    headers: &[(HeaderName, &str)],
    wants_body: impl Fn(StatusCode) -> bool,
    limits: &Limits,
) -> Result<Answer, FetchError> {
    within(limits, async {
        let (answer, _open) = ask(url, (Method::GET, Bytes::new()), headers).await?;
        let (head, body) = answer.into_parts();
        let body = if wants_body(head.status) { read(body, limits.bytes).await? } else { vec![] };
        Ok(Answer { status: head.status, headers: head.headers, body })
    })
    .await
}

/// A POST of a form, all of it within the limits, with the body of whatever is answered.
///
/// # Errors
///
/// When there is no whole answer within them.
#[cfg(all(feature = "serve", feature = "service", unix))]
pub(crate) async fn post_form(
    url: &Url,
    form: String,
    limits: &Limits,
) -> Result<Answer, FetchError> {
    let headers = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
    within(limits, async {
        let (answer, _open) = ask(url, (Method::POST, form.into()), &headers).await?;
        let (head, body) = answer.into_parts();
        let body = read(body, limits.bytes).await?;
        Ok(Answer { status: head.status, headers: head.headers, body })
    })
    .await
}

async fn within(
    limits: &Limits,
    all: impl Future<Output = Result<Answer, FetchError>>,
) -> Result<Answer, FetchError> {
    time::timeout(limits.time, all).await.unwrap_or(Err(FetchError::TimedOut(limits.time)))
}

/// Ends the task of a connection with its user.
struct Connection(AbortHandle);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn ask(
    url: &Url,
    (method, body): (Method, Bytes),
    headers: &[(HeaderName, &str)],
) -> Result<(hyper::Response<Incoming>, Connection), FetchError> {
    let unreachable = |error: std::io::Error| FetchError::Unreachable(error.to_string());
    let stream = TcpStream::connect((url.host(), url.port())).await.map_err(unreachable)?;
    let mut builder = http1::Builder::new();
    let handshake = builder.max_buf_size(MAX_HEAD_BYTES).handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|error| protocol(&error))?;
    // how it ended is said by the answer that did not come
    let open = Connection(tokio::spawn(async { drop(connection.await) }).abort_handle());
    let mut request = Request::builder()
        .method(method)
        .uri(url.target())
        .header(header::HOST, url.authority())
        .header(header::USER_AGENT, concat!("jotlab/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Full::new(body));
    let request = request.map_err(|error| FetchError::Protocol(error.to_string()))?;
    Ok((sender.send_request(request).await.map_err(|error| protocol(&error))?, open))
}

/// The body, if it has no more bytes than this. What is announced as longer is not read.
async fn read(body: Incoming, most: usize) -> Result<Vec<u8>, FetchError> {
    if body.size_hint().lower() > most as u64 {
        return Err(FetchError::TooLong(most));
    }
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(FetchError::TooLong(most)),
        Err(error) => Err(protocol(error.as_ref())),
    }
}

/// An error with what caused it: hyper's own words stop before that.
fn protocol(error: &(dyn Error + 'static)) -> FetchError {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let words = causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"));
    FetchError::Protocol(words)
}
