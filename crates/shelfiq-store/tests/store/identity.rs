//! Members, sessions, API keys, idempotency keys.

use chrono::TimeDelta;
use shelfiq_core::{ApiKeyId, MemberId, SessionId};
use shelfiq_store::api_keys::{self, NewApiKey};
use shelfiq_store::idempotency::{self, Answer, Begun};
use shelfiq_store::members::{self, Role};
use shelfiq_store::sessions::{self, NewSession, Revocation};
use shelfiq_store::{Constraint, PageRequest, StoreError};

use crate::harness::{Shop, at, new_member, next_uuid, on_both};

async fn session(shop: &Shop, member: MemberId, token: &str) -> SessionId {
    let tx = shop.begin(10).await;
    let new = NewSession {
        id: SessionId::from_uuid(next_uuid()),
        member,
        client: "test".to_owned(),
        expires_at: at(1000),
        token_hash: token.to_owned(),
    };
    let session = sessions::insert(&tx, shop.merchant, new).await.unwrap();
    tx.commit().await.unwrap();
    session.id
}

on_both! {
    async fn an_address_belongs_to_one_member_in_any_letters(shop: Shop) {
        let ann = shop.member("Ann", Role::Owner).await;
        assert_eq!(ann.email, "ann@example.com");
        let tx = shop.begin(2).await;
        let error = members::insert(&tx, shop.rival, new_member("ANN", Role::Viewer)).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(Constraint::MemberEmail)), "{error:?}");
        drop(tx);
        let found = members::credentials_by_email(&shop.store, " ANN@example.com ").await.unwrap().unwrap();
        assert_eq!(found.member, ann.id);
    }

    async fn the_last_owner_stays(shop: Shop) {
        let ann = shop.member("ann", Role::Owner).await;
        let tx = shop.begin(2).await;
        let demoted = members::change_role(&tx, shop.merchant, ann.id, Role::Manager).await.unwrap_err();
        let removed = members::remove(&tx, shop.merchant, ann.id).await.unwrap_err();
        assert_eq!(demoted.to_string(), "cannot change the role of this member: it is the last owner");
        assert_eq!(removed.to_string(), "cannot remove this member: it is the last owner");
        drop(tx);
        shop.member("ben", Role::Owner).await;
        let tx = shop.begin(3).await;
        members::change_role(&tx, shop.merchant, ann.id, Role::Viewer).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(members::count_owners(&shop.store, shop.merchant).await.unwrap(), 1);
    }

    async fn of_two_owners_who_leave_at_the_same_time_one_stays(shop: Shop) {
        let owners = [shop.member("ann", Role::Owner).await, shop.member("ben", Role::Owner).await];
        let leaving = owners.map(|owner| {
            let shop = shop.clone();
            tokio::spawn(async move {
                let tx = shop.begin(2).await;
                let left = members::remove(&tx, shop.merchant, owner.id).await;
                if left.is_ok() {
                    tx.commit().await.unwrap()
                }
                left.is_ok()
            })
        });
        let mut left = 0;
        for leave in leaving {
            left += usize::from(leave.await.unwrap());
        }
        assert_eq!(left, 1);
        assert_eq!(members::count_owners(&shop.store, shop.merchant).await.unwrap(), 1);
    }

    async fn a_removed_member_is_gone_and_can_come_back(shop: Shop) {
        shop.member("ann", Role::Owner).await;
        let ben = shop.member("ben", Role::Analyst).await;
        let tx = shop.begin(3).await;
        members::remove(&tx, shop.merchant, ben.id).await.unwrap();
        tx.commit().await.unwrap();
        let gone = members::get(&shop.store, shop.merchant, ben.id).await.unwrap_err();
        assert!(matches!(gone, StoreError::NotFound { .. }));
        assert!(members::belongings(&shop.store, ben.id).await.unwrap().is_empty());

        let back = shop.member("ben", Role::Viewer).await;
        assert_eq!((back.id, back.role), (ben.id, Role::Viewer));
        let page = members::page(&shop.store, shop.merchant, &PageRequest::default()).await.unwrap();
        assert_eq!(page.rows.len(), 2);
    }

    async fn a_refresh_token_is_exchanged_once(shop: Shop) {
        let ann = shop.member("ann", Role::Owner).await;
        let id = session(&shop, ann.id, "first").await;
        let tx = shop.begin(20).await;
        assert!(sessions::rotate(&tx, id, "first", "second", at(2000)).await.unwrap());
        tx.commit().await.unwrap();
        let tx = shop.begin(30).await;
        assert!(!sessions::rotate(&tx, id, "first", "third", at(2000)).await.unwrap());
        drop(tx);
        let used = sessions::refresh_token(&shop.store, "first").await.unwrap().unwrap();
        assert_eq!((used.session.id, used.used_at, used.session.expires_at), (id, Some(at(20)), at(2000)));
        assert!(sessions::refresh_token(&shop.store, "third").await.unwrap().is_none());
    }

    async fn ending_all_sessions_spares_one(shop: Shop) {
        let ann = shop.member("ann", Role::Owner).await;
        let kept = session(&shop, ann.id, "a").await;
        session(&shop, ann.id, "b").await;
        session(&shop, ann.id, "c").await;
        let tx = shop.begin(20).await;
        let ended = sessions::revoke_all(&tx, shop.merchant, ann.id, Some(kept), Revocation::PasswordChanged);
        assert_eq!(ended.await.unwrap(), 2);
        tx.commit().await.unwrap();
        let live = sessions::page(&shop.store, shop.merchant, ann.id, at(21), &PageRequest::default()).await.unwrap();
        assert_eq!(live.rows.iter().map(|session| session.id).collect::<Vec<_>>(), [kept]);
    }

    async fn ended_sessions_are_forgotten_with_their_tokens(shop: Shop) {
        let ann = shop.member("ann", Role::Owner).await;
        session(&shop, ann.id, "old").await;
        let tx = shop.begin(5000).await;
        assert_eq!(sessions::forget_ended(&tx, at(1001)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(sessions::refresh_token(&shop.store, "old").await.unwrap().is_none());
    }

    async fn a_revoked_key_opens_nothing(shop: Shop) {
        let new = |name: &str, hash: &str| NewApiKey {
            id: ApiKeyId::from_uuid(next_uuid()),
            name: name.to_owned(),
            prefix: "sk_abc".to_owned(),
            key_hash: hash.to_owned(),
            scopes: vec!["shop:read".to_owned()],
            expires_at: None,
        };
        let tx = shop.begin(1).await;
        let key = api_keys::insert(&tx, shop.merchant, new("till", "h1")).await.unwrap();
        tx.commit().await.unwrap();
        let (merchant, found) = api_keys::by_hash(&shop.store, "h1").await.unwrap().unwrap();
        assert_eq!((merchant, found.id, found.scopes), (shop.merchant, key.id, vec!["shop:read".to_owned()]));

        let tx = shop.begin(2).await;
        api_keys::revoke(&tx, shop.merchant, key.id).await.unwrap();
        api_keys::insert(&tx, shop.merchant, new("till", "h2")).await.expect("the name is free again");
        let error = api_keys::insert(&tx, shop.merchant, new("till", "h3")).await.unwrap_err();
        assert_eq!(error.to_string(), "an API key with this name exists already");
        drop(tx);
        let tx = shop.begin(3).await;
        api_keys::revoke(&tx, shop.merchant, key.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(api_keys::by_hash(&shop.store, "h1").await.unwrap().is_none());
    }

    async fn a_repeated_call_gets_the_first_answer(shop: Shop) {
        let hour = TimeDelta::hours(1);
        let begin = async |second: i64, request: &str| {
            let tx = shop.begin(second).await;
            let begun = idempotency::begin(&tx, shop.merchant, "member:1", "key", request, hour).await.unwrap();
            tx.commit().await.unwrap();
            begun
        };
        assert_eq!(begin(0, "POST /a").await, Begun::Fresh);
        assert_eq!(begin(1, "POST /a").await, Begun::InProgress);
        assert_eq!(begin(1, "POST /b").await, Begun::OtherRequest);
        let answer = Answer { status: 201, body: "{}".to_owned() };
        let tx = shop.begin(2).await;
        idempotency::complete(&tx, shop.merchant, "member:1", "key", &answer).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(begin(3, "POST /a").await, Begun::Answered(answer));
        assert_eq!(begin(3601, "POST /b").await, Begun::Fresh, "the key expired");
    }
}
