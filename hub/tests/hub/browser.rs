//! A small browser without scripts: follows nothing by itself, keeps cookies.

use std::{collections::BTreeMap, sync::Arc};

use http_body_util::{BodyExt as _, Full};
use hub::{
    password,
    store::{accounts::Duty, audit::Actor},
    totp,
};
use hyper::{HeaderMap, Request, StatusCode, body::Bytes, header};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, crypto::ring, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{kiosk::AnyServer, school::School};

pub(crate) const PASSWORD: &str = "quiet otter marble";

#[derive(Default)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn leads_to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |l| l.to_str().unwrap())
    }
    /// The hidden token of the page's form.
    pub(crate) fn form_token(&self) -> String {
        let after = self.text.split_once("name=\"form_token\" value=\"").unwrap().1;
        after.split_once('"').unwrap().0.to_owned()
    }
}

#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) set: Vec<String>,
    pub(crate) phone: Option<Phone>,
}

/// A phone with an authenticator app, whose clock is the school's.
pub(crate) struct Phone {
    pub(crate) secret: totp::Secret,
    used: i64,
}

impl Phone {
    /// As somebody types the key from the page.
    pub(crate) fn with_key_of(page: &Page) -> Self {
        let typed = page.text.split_once("<code id=\"typed\">").unwrap().1.split_once('<').unwrap().0;
        let bytes = data_encoding::BASE32.decode(typed.replace(' ', "").as_bytes()).unwrap();
        Self { secret: totp::Secret::from_bytes(bytes.try_into().unwrap()), used: 0 }
    }
    /// A code that is good now and was not shown before: at a clock that stands still there are three.
    pub(crate) fn code(&mut self, school: &School) -> String {
        let here = school.hub.now().0.div_euclid(30);
        let step = (here - 1..=here + 1).find(|step| *step > self.used).expect("a code that was not used");
        self.used = step;
        self.secret.code(step)
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, school: &School, path: &str) -> Page {
        self.ask(school, "GET", path, String::new()).await
    }
    pub(crate) async fn post(&mut self, school: &School, path: &str, fields: &[(&str, &str)]) -> Page {
        let plain = |c: char| c.is_ascii_alphanumeric();
        let quoted = |text: &str| -> String {
            text.bytes()
                .map(|b| if plain(char::from(b)) { char::from(b).to_string() } else { format!("%{b:02X}") })
                .collect()
        };
        let body: Vec<_> = fields.iter().map(|(k, v)| format!("{k}={}", quoted(v))).collect();
        self.ask(school, "POST", path, body.join("&")).await
    }
    /// A form with a place for a file, as browsers send it.
    pub(crate) async fn post_parts(&mut self, school: &School, path: &str, fields: &[(&str, &str)]) -> Page {
        let part = |(name, value): &(&str, &str)| {
            format!("--between\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body: String = fields.iter().map(part).collect();
        self.ask_as(school, "POST", path, "multipart/form-data; boundary=between", body + "--between--\r\n")
            .await
    }
    async fn ask(&mut self, school: &School, method: &str, path: &str, body: String) -> Page {
        self.ask_as(school, method, path, "application/x-www-form-urlencoded", body).await
    }
    /// A form's bytes as they are.
    pub(crate) async fn post_bytes(
        &mut self,
        school: &School,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Page {
        self.ask_as(school, "POST", path, kind, body).await
    }
    async fn ask_as(
        &mut self,
        school: &School,
        method: &str,
        path: &str,
        kind: &str,
        body: impl Into<Bytes>,
    ) -> Page {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyServer))
            .with_no_client_auth();
        let stream = TcpStream::connect(school.desk).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("cookie", cookies.join("; "))
            .header("content-type", kind)
            .body(Full::new(body.into()))
            .unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap().to_owned();
            let (name, value) = set.split_once(';').unwrap().0.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
            self.set.push(set);
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Page { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(crate) async fn try_sign_in(&mut self, school: &School, name: &str, password: &str) -> Page {
        let form_token = self.get(school, "/sign-in").await.form_token();
        let fields = [("name", name), ("password", password), ("form_token", form_token.as_str())];
        let answer = self.post(school, "/sign-in", &fields).await;
        match self.phone.take() {
            Some(mut phone) if answer.leads_to() == "/sign-in/code" => {
                let code = phone.code(school);
                self.phone = Some(phone);
                self.type_code(school, &code).await
            }
            phone => {
                self.phone = phone;
                answer
            }
        }
    }

    pub(crate) async fn type_code(&mut self, school: &School, code: &str) -> Page {
        let form_token = self.get(school, "/sign-in/code").await.form_token();
        self.post(school, "/sign-in/code", &[("code", code), ("form_token", form_token.as_str())]).await
    }

    /// Sets up a second step; gives back the page with the codes on paper.
    pub(crate) async fn set_up_phone(&mut self, school: &School) -> Page {
        let form_token = self.get(school, "/second-step").await.form_token();
        let begun = self.post(school, "/second-step/begin", &[("form_token", &form_token)]).await;
        assert_eq!(begun.leads_to(), "/second-step");
        let page = self.get(school, "/second-step").await;
        let mut phone = Phone::with_key_of(&page);
        let code = phone.code(school);
        let fields = [("code", code.as_str()), ("form_token", form_token.as_str())];
        let page = self.post(school, "/second-step/confirm", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        self.phone = Some(phone);
        page
    }

    /// Signs in for the first time and chooses a password.
    pub(crate) async fn signed_in(school: &School) -> Self {
        let mut browser = Self::default();
        let first = school.first.password.to_string();
        assert_eq!(browser.try_sign_in(school, "office", &first).await.leads_to(), "/");
        assert_eq!(browser.get(school, "/").await.leads_to(), "/password", "the first password is for once");
        let form_token = browser.get(school, "/password").await.form_token();
        let fields = [
            ("current", first.as_str()),
            ("new", PASSWORD),
            ("again", PASSWORD),
            ("form_token", form_token.as_str()),
        ];
        assert_eq!(browser.post(school, "/password", &fields).await.leads_to(), "/");
        browser
    }

    /// Somebody with an account of this duty, signed in with a password of their own.
    pub(crate) async fn with_duty(school: &School, name: &str, duty: Duty) -> Self {
        let (store, hash, now) = (&school.hub.store, password::hash(PASSWORD), school.hub.now());
        store.add_account(name, &hash, duty, Actor::CommandLine, now).unwrap();
        store.set_password(name, &hash, false, Actor::CommandLine, now).unwrap();
        let mut browser = Self::default();
        assert_eq!(browser.try_sign_in(school, name, PASSWORD).await.leads_to(), "/");
        if matches!(duty, Duty::Holder(_)) {
            browser.set_up_phone(school).await;
        }
        browser
    }
}
