//! The listener, the one route, and the end in good order.

use super::answer::{self, Who};
use super::forward::Forward;
use crate::bearer::{Admitted, Guard};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::{Extension, Router};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time;

/// How long requests that are under way have when the service is asked to end.
const GRACE: Duration = Duration::from_secs(10);

/// A service on a listener, not yet serving.
#[derive(Debug)]
pub struct Service {
    listener: TcpListener,
    address: SocketAddr,
    app: Router,
}

impl Service {
    /// A service that lets through what the guard does, and passes it on if there is a next one.
    ///
    /// # Errors
    ///
    /// When the listener has no address or cannot be made to wait for nobody.
    pub fn on(
        listener: TcpListener,
        guard: Guard,
        forward: Option<Forward>,
    ) -> io::Result<Service> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Service { listener, address, app: app(guard, forward) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as one that can be asked.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until `stop` is there, then for ten more seconds what is under way. Blocks: it has a runtime
    /// of its own.
    ///
    /// # Errors
    ///
    /// When the operating system gives no threads or takes the listener away.
    pub fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let served = runtime.block_on(self.serve_here(stop));
        // a fetch that is under way is not waited for
        runtime.shutdown_background();
        served
    }

    async fn serve_here(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let (tell, told) = oneshot::channel();
        let server = axum::serve(listener, self.app).with_graceful_shutdown(async {
            stop.await;
            let _the_server_ended = tell.send(());
        });
        let server = tokio::spawn(server.into_future());
        let _told_or_ended = told.await;
        tracing::info!("no new connections");
        if let Ok(ended) = time::timeout(GRACE, server).await {
            return ended.map_err(io::Error::other)?;
        }
        tracing::warn!("some requests were not answered in time");
        Ok(())
    }
}

fn app(guard: Guard, forward: Option<Forward>) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(forward)).layer(guard)
}

/// Any path: who the caller is.
async fn answer(
    State(forward): State<Arc<Option<Forward>>>,
    Extension(admitted): Extension<Arc<Admitted>>,
    request: Request,
) -> Response {
    let (parts, _no_body_is_read) = request.into_parts();
    let path = parts.uri.path();
    let response = if matches!(parts.method, Method::GET | Method::HEAD) {
        let who = Who { path, admitted: &admitted };
        match &*forward {
            Some(forward) => forward.call(&parts.headers, who).await,
            None => answer::who(&who, None),
        }
    } else {
        // RFC 9110 §15.5.6
        let mut response = answer::error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    };
    let (method, status) = (&parts.method, response.status().as_u16());
    let sub = admitted.claims.get("sub").and_then(|sub| sub.as_str());
    tracing::info!(%method, path, status, sub, kid = admitted.kid.as_deref(), "answered");
    response
}
