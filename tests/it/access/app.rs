//! The real service over the real policies and a database in memory, with keys of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use actix_web::http::header::HeaderMap;
use actix_web::test::{self, TestRequest};
use actix_web::web;
use assistance_toolbox::app::access::{RULES, Rule};
use assistance_toolbox::app::catalogues::Live;
use assistance_toolbox::app::clock::Clock;
use assistance_toolbox::app::deliveries::{circumstances, deliver, reverse};
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::app::records::Records;
use assistance_toolbox::app::vault::Vault;
use assistance_toolbox::documents::change::Change;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::domain::facts::Household;
use assistance_toolbox::domain::ledger::{Delivery, Given, Order};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::graphql::{Schema, schema};
use assistance_toolbox::http::auth::development::DevelopmentKey;
use assistance_toolbox::http::auth::{Auth, KeysSource, KnownDepartment, Trust};
use assistance_toolbox::http::rate::Rate;
use assistance_toolbox::http::settings::Settings;
use assistance_toolbox::http::{Probe, Service, configure};
use assistance_toolbox::store::{
    EventKind, NewCatalogue, NewEvent, Recording, Reversal, Reversed, Roll, Sight, Store, Whole,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::database::Backend;
use crate::support::{catalogue, policy_texts, root};

pub(super) const ISSUER: &str = "https://issuer.example";
pub(super) const AUDIENCE: &str = "assistance";
/// 2024-06-01, noon in China.
pub(super) const NOW: i64 = 1_717_214_400;

static POLICIES: LazyLock<Arc<Policies>> = LazyLock::new(|| Arc::new(Policies::new((*catalogue()).clone())));

/// Stands still at [`NOW`].
pub(super) struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(NOW, 0).unwrap()
    }
}

/// The app under test.
pub(super) struct App {
    pub(super) store: Arc<Store>,
    pub(super) key: DevelopmentKey,
    /// The key set's file.
    pub(super) keys: PathBuf,
    /// Where else the keys come from, if not from the file.
    pub(super) keys_at: Option<KeysSource>,
    rules: &'static [Rule],
    vault: Option<Arc<Vault>>,
    open: bool,
    pub(super) settings: Settings,
    /// The catalogue in use.
    pub(super) live: Arc<Live>,
    /// One for all requests, made when the first comes.
    schema: OnceLock<Schema>,
    _folder: tempfile::TempDir,
}

/// An app that knows one key, for tests of who asks and not of what is stored.
pub(super) fn app() -> App {
    app_on(Backend::Sqlite)
}

/// An app that knows one key, over an empty database.
pub(super) fn app_on(backend: Backend) -> App {
    let store = backend.store();
    let catalogue = NewCatalogue {
        after: 0,
        catalogue: POLICIES.catalogue().hash,
        files: policy_texts(),
        recorded_at: Noon.now(),
        recorded_by: "seed".to_owned(),
    };
    store.add_catalogue(catalogue).wait().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("jwks.json");
    let key = DevelopmentKey::new().unwrap();
    // A test asks more in a second than a client may.
    let settings = Settings { rate: Rate { per_second: 0, burst: 1 }, ..Settings::default() };
    std::fs::write(&keys, key.key_set().to_string()).unwrap();
    App {
        store: Arc::new(store),
        key,
        keys,
        keys_at: None,
        rules: RULES,
        vault: None,
        open: true,
        settings,
        live: Arc::new(Live::fixed(Arc::clone(&POLICIES))),
        schema: OnceLock::new(),
        _folder: folder,
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn challenge(&self) -> &str {
        self.headers.get("www-authenticate").map_or("", |value| value.to_str().unwrap())
    }

    /// The code and the reason of the first error.
    pub(super) fn error(&self) -> (&str, &str) {
        let extensions = &self.body["errors"][0]["extensions"];
        (extensions["code"].as_str().unwrap_or_default(), extensions["reason"].as_str().unwrap_or_default())
    }
}

impl App {
    /// The same app under another table of rules.
    pub(super) fn with_rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, schema: OnceLock::new(), ..self }
    }

    /// The same app over another database.
    pub(super) fn with_store(self, store: Store) -> Self {
        Self { store: Arc::new(store), schema: OnceLock::new(), ..self }
    }

    /// The same app with the keys of ID numbers.
    pub(super) fn with_vault(self, vault: Arc<Vault>) -> Self {
        Self { vault: Some(vault), schema: OnceLock::new(), ..self }
    }

    /// The same app without keys.
    pub(super) fn without_keys(self) -> Self {
        Self { open: false, ..self }
    }

    /// Stores a household of a key and a town, else as the worked household h1.
    pub(super) fn save(&self, key: &str, town: Option<&str>) {
        let text = std::fs::read_to_string(root().join("policies/cases/h1.toml")).unwrap();
        let mut household = parse(&text, Format::Toml, POLICIES.catalogue()).unwrap();
        household.key = key.to_owned();
        household.town = town.map(|town| town.parse().unwrap());
        self.save_as(household);
    }

    /// Stores a household as it is.
    pub(super) fn save_as(&self, household: Household) {
        let valid = Validity::new("2024-01-01".parse().unwrap(), None).unwrap();
        let recording = Recording {
            valid,
            recorded_at: Noon.now(),
            recorded_by: String::from("a test"),
            expected_seq: None,
        };
        self.store.save_household(household, recording).wait().unwrap();
    }

    /// Appends a change without content to the chain of a household.
    pub(super) fn plant_event(&self, key: &str, town: Option<&str>) {
        let event = NewEvent {
            kind: EventKind::Change,
            place: Some(String::from("huaibei")),
            town: town.map(|town| town.parse().unwrap()),
            on: "2024-06-01".parse().unwrap(),
            facts_seq: 1,
            content: Change::default().text().unwrap(),
        };
        let circumstances = circumstances(&POLICIES, "a test", Noon.now());
        self.store.append_event(key, event, circumstances).wait().unwrap();
    }

    /// Records the monthly top-up of a household that is stored by [`Self::save`], under a key of this word.
    pub(super) fn pay(&self, household: &str, word: &str, month: &str) {
        let delivery = Delivery {
            key: format!("{word} {household}"),
            household: household.to_owned(),
            order: Order {
                measure: String::from("S1"),
                beneficiary: None,
                covers: month.parse().unwrap(),
                given: Given::Amount(Fen::from_yuan("762").unwrap()),
                day: "2024-05-02".parse().unwrap(),
                department: String::from("civil_affairs"),
            },
        };
        let roll = Roll { deliveries: vec![delivery], whole: Whole::AllOrNone, sight: Sight::default() };
        let batch = deliver(&POLICIES, &self.store, roll, ("a test", Noon.now()), |_done| {}).wait().unwrap();
        assert!(batch.kept, "{batch:?}");
    }

    /// Takes an entry of a household's ledger back.
    pub(super) fn take_back(&self, household: &str, entry: i64) {
        let reversal = Reversal {
            key: format!("back {household}"),
            household: household.to_owned(),
            entry,
            reason: String::from("mistake"),
            day: "2024-05-02".parse().unwrap(),
            sight: Sight::default(),
        };
        let reversed = reverse(&POLICIES, &self.store, reversal, ("a test", Noon.now())).wait().unwrap();
        assert!(matches!(reversed, Reversed::New(_)), "{reversed:?}");
    }

    fn auth(&self) -> Auth {
        if !self.open {
            return Auth::closed();
        }
        let live = Arc::clone(&self.live);
        let department: KnownDepartment = Arc::new(move |id| live.has_department(id));
        let trust = Trust { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), department };
        let source = self.keys_at.clone().unwrap_or_else(|| KeysSource::File(self.keys.clone()));
        Auth::with_keys(&source, trust, Arc::new(Noon)).unwrap()
    }

    fn service(&self) -> Service<Schema> {
        let made = || {
            let records = Records::new(Arc::clone(&self.store), Arc::new(Noon), self.rules);
            let records = match &self.vault {
                Some(vault) => records.with_vault(Arc::clone(vault)),
                None => records,
            };
            schema(Arc::clone(&self.live), records, Arc::new(Noon))
        };
        let schema = self.schema.get_or_init(made).clone();
        let probe: Probe = Arc::new(|| Box::pin(async { true }));
        Service::new(schema, self.settings.clone(), probe).with_auth(self.auth())
    }

    /// Serves on a free port of this machine for the rest of the process.
    pub(super) fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, service) = (listener.local_addr().unwrap(), self.service());
        std::thread::spawn(|| {
            actix_web::rt::System::new()
                .block_on(assistance_toolbox::http::serve(service, listener))
                .unwrap();
        });
        address
    }

    /// Sends requests through one running service, one after the other.
    pub(super) async fn send(&self, requests: impl IntoIterator<Item = TestRequest>) -> Vec<Answer> {
        let service = web::Data::new(self.service());
        let app =
            test::init_service(actix_web::App::new().configure(|config| configure(config, service))).await;
        let mut answers = Vec::new();
        for request in requests {
            let response = test::call_service(&app, request.to_request()).await;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
            let body = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            answers.push(Answer { status, headers, body });
        }
        answers
    }

    /// Sends one request whose answer is no JSON.
    pub(super) async fn status(&self, request: TestRequest) -> u16 {
        let service = web::Data::new(self.service());
        let app =
            test::init_service(actix_web::App::new().configure(|config| configure(config, service))).await;
        test::call_service(&app, request.to_request()).await.status().as_u16()
    }

    /// Sends one request.
    pub(super) async fn one(&self, request: TestRequest) -> Answer {
        self.send([request]).await.remove(0)
    }

    /// Sends a document with the claims of a token, and with a purpose.
    pub(super) async fn ask(&self, document: &str, claims: Option<&Value>) -> Answer {
        let mut request = query(document);
        if let Some(claims) = claims {
            request =
                request.insert_header(self.bearer(claims)).insert_header(("assistance-purpose", "review"));
        }
        self.one(request).await
    }

    /// The header with a token of some claims.
    pub(super) fn bearer(&self, claims: &Value) -> (&'static str, String) {
        ("authorization", format!("Bearer {}", self.key.sign(claims).unwrap()))
    }
}

/// A document by POST.
pub(super) fn query(document: &str) -> TestRequest {
    TestRequest::post().uri("/graphql").set_json(json!({ "query": document }))
}
