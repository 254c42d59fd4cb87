//! Identity as its callers see it: set-up, sign-in, refresh, members, keys.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::TimeDelta;
use shelfiq_core::{CurrencyCode, ErrorKind, ManualClock, SeededRandomness, TimeZone};
use shelfiq_store::{PageRequest, StoreConfig};
use tempfile::TempDir;

use super::*;
use crate::access::{Permission, Role, authorize};

const PASSWORD: &str = "correct horse battery";

static KEYS: LazyLock<SigningKeys> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    SigningKeys::load_or_create(folder.path()).unwrap()
});

/// An installation with its owner Ann.
struct House {
    identity: Identity,
    clock: Arc<ManualClock>,
    _folder: TempDir,
}

impl House {
    async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::open(&StoreConfig::sqlite(&folder.path().join("shelfiq.db"))).await.unwrap();
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp(1_750_000_000, 0).unwrap()));
        let config = IdentityConfig { password_cost: PasswordCost::TEST, ..IdentityConfig::default() };
        let parts = IdentityParts {
            store,
            clock: Arc::<ManualClock>::clone(&clock),
            randomness: Arc::new(SeededRandomness::new(3)),
            keys: KEYS.clone(),
            config,
        };
        Self { identity: Identity::new(parts).unwrap(), clock, _folder: folder }
    }

    async fn with_owner() -> Self {
        let house = Self::empty().await;
        house.identity.set_up(set_up("ann@example.com")).await.unwrap();
        house
    }

    async fn sign_in(&self, email: &str) -> Result<SignedIn, AppError> {
        self.sign_in_with(email, PASSWORD).await
    }

    async fn sign_in_with(&self, email: &str, password: &str) -> Result<SignedIn, AppError> {
        let (password, client) = (Secret::new(password), "test".to_owned());
        let request = SignIn { email: email.to_owned(), password, client, address: "127.0.0.1".to_owned() };
        self.identity.sign_in(request).await
    }

    async fn actor(&self, email: &str) -> Actor {
        let signed_in = self.sign_in(email).await.unwrap();
        self.identity.authenticate(signed_in.access_token.expose()).await.unwrap()
    }

    async fn add(&self, by: &Actor, name: &str, role: Role) -> Result<shelfiq_store::members::Member, AppError> {
        let email = format!("{name}@example.com");
        let request = MemberRequest { name: name.to_owned(), email, role, password: Secret::new(PASSWORD) };
        self.identity.add_member(by, request).await
    }
}

fn set_up(email: &str) -> SetUp {
    SetUp {
        merchant_name: "Alder & Co".to_owned(),
        currency: CurrencyCode::GBP,
        time_zone: TimeZone::UTC,
        is_demo: false,
        owner_name: "Ann".to_owned(),
        email: email.to_owned(),
        password: Secret::new(PASSWORD),
    }
}

fn kind<T>(outcome: Result<T, AppError>) -> ErrorKind {
    match outcome {
        Ok(_) => panic!("it should have been refused"),
        Err(error) => error.kind(),
    }
}

#[tokio::test]
async fn the_first_run_makes_an_owner_and_the_second_does_not() {
    let house = House::empty().await;
    assert!(house.identity.needs_set_up().await.unwrap());
    house.identity.set_up(set_up("ann@example.com")).await.unwrap();
    assert!(!house.identity.needs_set_up().await.unwrap());
    assert_eq!(kind(house.identity.set_up(set_up("eve@example.com")).await), ErrorKind::Conflict);
    let me = house.sign_in(" ANN@example.com").await.unwrap().profile;
    assert_eq!((me.member.role, me.merchant.name.as_str()), (Role::Owner, "Alder & Co"));
    assert_eq!(kind(house.sign_in("eve@example.com").await), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn of_many_set_ups_at_the_same_time_one_succeeds() {
    let house = House::empty().await;
    let racers: Vec<_> = (0..4)
        .map(|n| {
            let identity = house.identity.clone();
            tokio::spawn(async move { identity.set_up(set_up(&format!("owner{n}@example.com"))).await.is_ok() })
        })
        .collect();
    let mut winners = 0;
    for racer in racers {
        winners += usize::from(racer.await.unwrap());
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let house = House::with_owner().await;
    let wrong = house.sign_in_with("ann@example.com", "wrong horse battery").await.unwrap_err();
    let unknown = house.sign_in("bob@example.com").await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert_eq!((wrong.kind(), unknown.kind()), (ErrorKind::Unauthenticated, ErrorKind::Unauthenticated));
}

#[tokio::test]
async fn guessing_is_stopped_and_forgiven_after_a_quarter_of_an_hour() {
    let house = House::with_owner().await;
    for _ in 0..5 {
        assert_eq!(kind(house.sign_in_with("ann@example.com", "guess guess").await), ErrorKind::Unauthenticated);
    }
    assert_eq!(kind(house.sign_in("ann@example.com").await), ErrorKind::RateLimited, "even with the right password");
    house.clock.advance(TimeDelta::minutes(15));
    house.sign_in("ann@example.com").await.unwrap();
}

#[tokio::test]
async fn an_access_token_ends_after_a_quarter_of_an_hour() {
    let house = House::with_owner().await;
    let token = house.sign_in("ann@example.com").await.unwrap().access_token;
    house.clock.advance(TimeDelta::seconds(899));
    house.identity.authenticate(token.expose()).await.unwrap();
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(kind(house.identity.authenticate(token.expose()).await), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn refreshing_keeps_a_member_signed_in_and_a_month_of_silence_does_not() {
    let house = House::with_owner().await;
    let mut signed_in = house.sign_in("ann@example.com").await.unwrap();
    for _ in 0..5 {
        house.clock.advance(TimeDelta::days(20));
        signed_in = house.identity.refresh(&signed_in.refresh_token).await.unwrap();
        house.identity.authenticate(signed_in.access_token.expose()).await.unwrap();
    }
    house.clock.advance(TimeDelta::days(30));
    assert_eq!(kind(house.identity.refresh(&signed_in.refresh_token).await), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_the_session_for_thief_and_owner() {
    let house = House::with_owner().await;
    let first = house.sign_in("ann@example.com").await.unwrap();
    house.clock.advance(TimeDelta::minutes(5));
    let second = house.identity.refresh(&first.refresh_token).await.unwrap();
    house.clock.advance(TimeDelta::seconds(11));
    assert_eq!(kind(house.identity.refresh(&first.refresh_token).await), ErrorKind::Unauthenticated);
    assert_eq!(kind(house.identity.refresh(&second.refresh_token).await), ErrorKind::Unauthenticated);
    assert_eq!(kind(house.identity.authenticate(second.access_token.expose()).await), ErrorKind::Unauthenticated);
    house.sign_in("ann@example.com").await.expect("the password still counts");
}

#[tokio::test]
async fn two_tabs_that_refresh_at_the_same_time_both_stay_signed_in() {
    let house = House::with_owner().await;
    let first = house.sign_in("ann@example.com").await.unwrap();
    let one = house.identity.refresh(&first.refresh_token).await.unwrap();
    let two = house.identity.refresh(&first.refresh_token).await.unwrap();
    house.identity.refresh(&one.refresh_token).await.unwrap();
    house.identity.refresh(&two.refresh_token).await.unwrap();
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let house = House::with_owner().await;
    let signed_in = house.sign_in("ann@example.com").await.unwrap();
    house.identity.sign_out(&signed_in.refresh_token).await.unwrap();
    house.identity.sign_out(&Secret::new("rt_unknown")).await.expect("whoever is out is out");
    assert_eq!(kind(house.identity.authenticate(signed_in.access_token.expose()).await), ErrorKind::Unauthenticated);
    assert_eq!(kind(house.identity.refresh(&signed_in.refresh_token).await), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let house = House::with_owner().await;
    let (here, elsewhere) =
        (house.sign_in("ann@example.com").await.unwrap(), house.sign_in("ann@example.com").await.unwrap());
    let ann = house.identity.authenticate(here.access_token.expose()).await.unwrap();
    let (old, new) = (Secret::new(PASSWORD), Secret::new("quite another horse"));
    assert_eq!(kind(house.identity.change_password(&ann, &new, &old).await), ErrorKind::Invalid);
    assert_eq!(kind(house.identity.change_password(&ann, &old, &Secret::new("short")).await), ErrorKind::Invalid);
    house.identity.change_password(&ann, &old, &new).await.unwrap();
    house.identity.authenticate(here.access_token.expose()).await.unwrap();
    assert_eq!(kind(house.identity.authenticate(elsewhere.access_token.expose()).await), ErrorKind::Unauthenticated);
    assert_eq!(kind(house.sign_in("ann@example.com").await), ErrorKind::Unauthenticated);
    house.sign_in_with("ann@example.com", new.expose()).await.unwrap();
}

#[tokio::test]
async fn a_manager_cannot_rise_nor_raise_others() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    let max = house.add(&ann, "max", Role::Manager).await.unwrap();
    let manager = house.actor("max@example.com").await;
    let owner = house.identity.profile(&ann).await.unwrap().member.id;
    assert_eq!(kind(house.add(&manager, "eve", Role::Owner).await), ErrorKind::Forbidden);
    assert_eq!(kind(house.add(&manager, "eve", Role::Viewer).await), ErrorKind::Forbidden);
    assert_eq!(kind(house.identity.change_role(&manager, max.id, Role::Owner).await), ErrorKind::Forbidden);
    assert_eq!(kind(house.identity.change_role(&manager, owner, Role::Viewer).await), ErrorKind::Forbidden);
    assert_eq!(kind(house.identity.remove_member(&manager, owner).await), ErrorKind::Forbidden);
    let all = ApiKeyRequest { name: "key".to_owned(), scopes: Permission::all().collect(), expires_at: None };
    assert_eq!(kind(house.identity.create_api_key(&manager, all).await), ErrorKind::Forbidden);
    assert_eq!(house.identity.members(&manager, &PageRequest::default()).await.unwrap().rows.len(), 2);
}

#[tokio::test]
async fn the_last_owner_can_neither_leave_nor_step_down() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    let owner = house.identity.profile(&ann).await.unwrap().member.id;
    assert_eq!(kind(house.identity.remove_member(&ann, owner).await), ErrorKind::Conflict);
    assert_eq!(kind(house.identity.change_role(&ann, owner, Role::Manager).await), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_call_on() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    let max = house.add(&ann, "max", Role::Manager).await.unwrap();
    let token = house.sign_in("max@example.com").await.unwrap().access_token;
    house.identity.change_role(&ann, max.id, Role::Viewer).await.unwrap();
    let actor = house.identity.authenticate(token.expose()).await.unwrap();
    assert!(authorize(&actor, Permission::Decide).is_err());
    house.identity.remove_member(&ann, max.id).await.unwrap();
    assert_eq!(kind(house.identity.authenticate(token.expose()).await), ErrorKind::Unauthenticated);
    assert_eq!(kind(house.sign_in("max@example.com").await), ErrorKind::Unauthenticated);
    house.add(&ann, "max", Role::Viewer).await.expect("the address is free for a return");
    house.sign_in("max@example.com").await.unwrap();
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_until_it_is_revoked_or_ends() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    let end = house.clock.now() + TimeDelta::days(1);
    let request = |name: &str, expires_at| ApiKeyRequest {
        name: name.to_owned(),
        scopes: BTreeSet::from([Permission::ReadShop]),
        expires_at,
    };
    let made = house.identity.create_api_key(&ann, request("till", None)).await.unwrap();
    let brief = house.identity.create_api_key(&ann, request("brief", Some(end))).await.unwrap();
    assert!(made.secret.expose().starts_with(&made.key.prefix) && made.key.prefix.len() < made.secret.expose().len());

    let program = house.identity.authenticate(made.secret.expose()).await.unwrap();
    assert_eq!(program.merchant(), ann.merchant());
    assert!(authorize(&program, Permission::ReadShop).is_ok());
    assert!(authorize(&program, Permission::Import).is_err());
    assert_eq!(kind(house.identity.profile(&program).await), ErrorKind::Forbidden);
    let listed = house.identity.api_keys(&ann, &PageRequest::default()).await.unwrap().rows;
    assert_eq!(listed.iter().find(|key| key.name == "till").unwrap().last_used_at, Some(house.clock.now()));

    house.identity.revoke_api_key(&ann, made.key.id).await.unwrap();
    assert_eq!(kind(house.identity.authenticate(made.secret.expose()).await), ErrorKind::Unauthenticated);
    house.identity.authenticate(brief.secret.expose()).await.unwrap();
    house.clock.advance(TimeDelta::days(1));
    assert_eq!(kind(house.identity.authenticate(brief.secret.expose()).await), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    let make = async |name: &str, scopes: &[Permission], expires_at| {
        let scopes = scopes.iter().copied().collect();
        house.identity.create_api_key(&ann, ApiKeyRequest { name: name.to_owned(), scopes, expires_at }).await
    };
    assert_eq!(kind(make("none", &[], None).await), ErrorKind::Invalid);
    assert_eq!(kind(make("keys", &[Permission::ManageApiKeys], None).await), ErrorKind::Invalid);
    assert_eq!(kind(make("members", &[Permission::ManageMembers], None).await), ErrorKind::Invalid);
    assert_eq!(kind(make(" ", &[Permission::ReadShop], None).await), ErrorKind::Invalid);
    assert_eq!(kind(make("past", &[Permission::ReadShop], Some(house.clock.now())).await), ErrorKind::Invalid);
    make("twin", &[Permission::ReadShop], None).await.unwrap();
    assert_eq!(kind(make("twin", &[Permission::ReadShop], None).await), ErrorKind::Conflict);
    for bearer in ["", "sk_", "sk_AAAA", "Bearer x", "rt_x"] {
        assert_eq!(kind(house.identity.authenticate(bearer).await), ErrorKind::Unauthenticated, "{bearer}");
    }
}

#[tokio::test]
async fn members_see_and_end_their_own_sessions_only_and_owners_end_any() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    house.add(&ann, "vic", Role::Viewer).await.unwrap();
    let vic = house.actor("vic@example.com").await;
    let page = PageRequest::default();
    let of_ann = house.identity.sessions(&ann, &page).await.unwrap().rows;
    let of_vic = house.identity.sessions(&vic, &page).await.unwrap().rows;
    assert_eq!((of_ann.len(), of_vic.len()), (1, 1));
    assert_eq!(kind(house.identity.end_session(&vic, of_ann[0].id).await), ErrorKind::NotFound);
    house.identity.end_session(&ann, of_vic[0].id).await.unwrap();
    assert!(house.identity.sessions(&vic, &page).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn what_happened_is_in_the_audit_log_without_secrets() {
    let house = House::with_owner().await;
    let ann = house.actor("ann@example.com").await;
    house.add(&ann, "max", Role::Manager).await.unwrap();
    let log = house.identity.audit_log(&ann, &PageRequest::default()).await.unwrap().rows;
    let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["member.added", "session.opened", "member.added", "merchant.created"]);
    let text = format!("{log:?}");
    assert!(!text.contains("argon2") && !text.contains("rt_"), "{text}");
    let max = house.actor("max@example.com").await;
    house.identity.audit_log(&max, &PageRequest::default()).await.expect("managers may read it");
}
