//! The listener on loopback, the routes, and the way from a request to a page.

use super::form::Fields;
use super::guard;
use super::page;
use super::refusal::Refusal;
use super::views::{VIEWS, View};
use axum::Router;
use axum::body::{self, Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};
use tokio::time;

/// The most bytes of a sent form: a token of the length that a page shows, each byte written as `%41`.
pub const MAX_FORM_BYTES: usize = 256 << 10;

/// How long a sent form is waited for: on loopback it is here at once.
const PATIENCE: Duration = Duration::from_secs(2);

const CSS: &str = include_str!("study.css");
const JS: &str = include_str!("study.js");
const SVG: &str = include_str!("study.svg");

/// The page's server, bound and not yet serving.
#[derive(Debug)]
pub struct Study {
    listener: TcpListener,
    port: u16,
}

impl Study {
    /// Takes a port of the loopback interface; 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// When the port is taken, or not for everybody.
    pub fn bind(port: u16) -> io::Result<Study> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Study { listener, port })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    ///
    /// When the operating system gives no threads or takes the listener away.
    pub fn serve(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            axum::serve(listener, router(self.port)).await
        })
    }
}

fn router(port: u16) -> Router {
    let router = Router::new()
        .route("/study.css", get(|| async { answer(StatusCode::OK, "text/css", CSS) }))
        .route("/study.js", get(|| async { answer(StatusCode::OK, "text/javascript", JS) }))
        .route("/study.svg", get(|| async { answer(StatusCode::OK, "image/svg+xml", SVG) }));
    VIEWS
        .iter()
        .fold(router, |router, view| {
            router.route(view.path, any(move |request: Request| show(view, request)))
        })
        .fallback(nothing_here)
        .layer(middleware::from_fn_with_state(port, guard::guard))
}

/// A view, from the fields of the URL or of the sent form.
async fn show(view: &'static View, request: Request) -> Response {
    let fields = match fields(view, request).await {
        Ok(fields) => fields,
        Err(refusal) => return refused(&refusal),
    };
    // a thread of its own: a long page does not keep the next request waiting, and a panic ends only there
    let work = tokio::task::spawn_blocking(move || {
        let begin = Instant::now();
        let page = (view.show)(&fields).map(|page| page::document(&page));
        (page, begin.elapsed())
    });
    match work.await {
        Ok((Ok(document), time)) => {
            let mut response = answer(StatusCode::OK, "text/html", document);
            let time = format!("page;dur={:.3}", time.as_secs_f64() * 1000.0);
            if let Ok(time) = HeaderValue::from_str(&time) {
                response.headers_mut().insert("server-timing", time);
            }
            response
        }
        Ok((Err(refusal), _)) => refused(&refusal),
        Err(_panicked) => refused(&Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            view.path,
            "a fault of this program: please report what was asked",
            "no input may stop it",
        )),
    }
}

async fn fields(view: &View, request: Request) -> Result<Fields, Refusal> {
    match *request.method() {
        Method::GET | Method::HEAD => Fields::of_query(request.uri().query().unwrap_or_default()),
        Method::POST if view.takes_forms => Fields::of_body(&sent(request.into_body()).await?),
        _ => Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            view.path,
            format!("{} is not taken here", request.method()),
            "RFC 9110 §15.5.6",
        )),
    }
}

/// The bytes of a sent form. What is announced as too long is refused before it is waited for.
async fn sent(body: Body) -> Result<Bytes, Refusal> {
    let too_long = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the sent form",
            format!("it has more than {MAX_FORM_BYTES} bytes, or ended too early"),
            "every input has a cap, checked before work is done",
        )
    };
    if body.size_hint().lower() > MAX_FORM_BYTES as u64 {
        return Err(too_long());
    }
    match time::timeout(PATIENCE, body::to_bytes(body, MAX_FORM_BYTES)).await {
        Ok(bytes) => bytes.map_err(|_| too_long()),
        Err(_elapsed) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "the sent form",
            "it did not arrive as a whole",
            "RFC 9110 §15.5.9",
        )),
    }
}

async fn nothing_here() -> Response {
    refused(&Refusal::new(
        StatusCode::NOT_FOUND,
        "the path of the URL",
        "there is no such page",
        "RFC 9110 §15.5.5",
    ))
}

/// A refusal as an answer.
pub(super) fn refused(refusal: &Refusal) -> Response {
    answer(refusal.status, "text/html", refusal.document())
}

fn answer(status: StatusCode, kind: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let kind = format!("{kind}; charset=utf-8");
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
