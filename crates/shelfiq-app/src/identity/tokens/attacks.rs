//! Tokens that must prove nothing, in one table: each differs from a good one in the named way.

use std::sync::LazyLock;

use aws_lc_rs::{digest, hmac};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

static KEYS: LazyLock<SigningKeys> = LazyLock::new(fresh_keys);
static FOREIGN_KEYS: LazyLock<SigningKeys> = LazyLock::new(fresh_keys);

fn fresh_keys() -> SigningKeys {
    let folder = tempfile::tempdir().unwrap();
    SigningKeys::load_or_create(folder.path()).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000, 0).unwrap()
}

fn tokens() -> AccessTokens {
    AccessTokens::new(KEYS.clone(), 15)
}

fn bearer() -> Bearer {
    Bearer {
        member: MemberId::from_uuid(Uuid::from_u128(1)),
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        merchant: MerchantId::from_uuid(Uuid::from_u128(3)),
    }
}

fn header() -> Value {
    json!({ "alg": "RS256", "typ": "at+jwt", "kid": KEYS.id })
}

fn claims() -> Value {
    let now = now().timestamp();
    let Bearer { member, session, merchant } = bearer();
    json!({
        "iss": "shelfiq", "aud": "shelfiq-api", "sub": member, "sid": session, "mid": merchant,
        "iat": now, "nbf": now, "exp": now + 900,
    })
}

/// The value with some members replaced; `null` takes a member away.
fn with(mut base: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => base.as_object_mut().unwrap().remove(name),
            value => base.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    base
}

fn encode(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn signed_text(keys: &SigningKeys, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = keys.sign(message.as_bytes()).unwrap();
    format!("{message}.{}", encode(signature))
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_text(&KEYS, &header.to_string(), &claims.to_string())
}

fn with_header(changes: Value) -> String {
    signed(&with(header(), &changes), &claims())
}

fn with_claims(changes: Value) -> String {
    signed(&header(), &with(claims(), &changes))
}

fn good() -> String {
    tokens().issue(&bearer(), now()).unwrap().expose().to_owned()
}

fn parts() -> [String; 3] {
    let good = good();
    let parts: Vec<String> = good.split('.').map(ToOwned::to_owned).collect();
    parts.try_into().unwrap()
}

/// An HMAC over the message with what an attacker knows: the public key, or nothing.
fn hmac_signed(alg: &str, secret: &[u8]) -> String {
    let header = with(header(), &json!({ "alg": alg }));
    let message = format!("{}.{}", encode(header.to_string()), encode(claims().to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", encode(tag.as_ref()))
}

fn public_key() -> Vec<u8> {
    KEYS.public.try_get_as_bytes().unwrap().to_vec()
}

#[test]
fn a_good_token_speaks_for_its_bearer_until_it_ends() {
    let token = good();
    assert!(token.len() < 1000, "{} bytes", token.len());
    assert_eq!(tokens().verify(&token, now()), Ok(bearer()));
    assert_eq!(tokens().verify(&token, now() + TimeDelta::seconds(899)), Ok(bearer()));
    assert_eq!(tokens().verify(&token, now() + TimeDelta::seconds(900)), Err(TokenFault::Expired));
    assert_eq!(tokens().verify(&token, now() - TimeDelta::seconds(1)), Err(TokenFault::NotYetValid));
    assert_eq!(tokens().verify(&signed(&header(), &claims()), now()), Ok(bearer()), "the table below starts from good");
}

#[test]
fn every_attack_of_the_table_is_refused() {
    use TokenFault::{
        Expired, ForeignClaims, ForeignHeader, Malformed, NotYetValid, TooLong, UnknownKey, WrongSignature,
    };
    let [head, body, signature] = parts();
    let at = now().timestamp();
    let none = |alg: &str| format!("{}.{body}.", encode(with(header(), &json!({ "alg": alg })).to_string()));
    let none_with_signature = |alg: &str| with_header(json!({ "alg": alg }));
    let half = signature.len() / 2;
    let twice = claims().to_string().replacen('{', r#"{"sub":"00000000-0000-0000-0000-000000000009","#, 1);
    let twice_header = header().to_string().replacen('{', r#"{"alg":"none","#, 1);
    let huge = claims().to_string().replace(&(at + 900).to_string(), "1e309");
    let float = claims().to_string().replace(&(at + 900).to_string(), &format!("{}.5", at + 900));
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let mut flipped = URL_SAFE_NO_PAD.decode(&signature).unwrap();
    flipped[0] ^= 1;
    let loose_end = {
        // The last character of a 256-byte signature carries four unused bits.
        let mut text = signature.clone();
        let last = text.pop().unwrap();
        text.push(char::from_u32(u32::from(last) + 1).unwrap());
        text
    };

    let table: Vec<(&str, String, TokenFault)> = vec![
        // -- the algorithm
        ("alg none", none("none"), ForeignHeader),
        ("alg None", none("None"), ForeignHeader),
        ("alg nOnE", none("nOnE"), ForeignHeader),
        ("alg NONE with a signature", none_with_signature("NONE"), ForeignHeader),
        ("alg empty", none_with_signature(""), ForeignHeader),
        ("alg missing", with_header(json!({ "alg": null })), ForeignHeader),
        ("alg a list", with_header(json!({ "alg": ["RS256"] })), ForeignHeader),
        ("alg in other letters", with_header(json!({ "alg": "rs256" })), ForeignHeader),
        ("HS256 with the public key as secret", hmac_signed("HS256", &public_key()), ForeignHeader),
        ("HS256 with an empty secret", hmac_signed("HS256", b""), ForeignHeader),
        ("HMAC with the public key that calls itself RS256", hmac_signed("RS256", &public_key()), WrongSignature),
        ("RS384", with_header(json!({ "alg": "RS384" })), ForeignHeader),
        ("PS256", with_header(json!({ "alg": "PS256" })), ForeignHeader),
        (
            "ES256 with r = s = 0",
            format!("{}.{body}.{}", encode(with(header(), &json!({ "alg": "ES256" })).to_string()), encode([0; 64])),
            ForeignHeader,
        ),
        ("EdDSA", with_header(json!({ "alg": "EdDSA" })), ForeignHeader),
        // -- the key
        (
            "a foreign key under our name",
            signed_text(&FOREIGN_KEYS, &header().to_string(), &claims().to_string()),
            WrongSignature,
        ),
        (
            "a foreign key under its own name",
            signed_text(
                &FOREIGN_KEYS,
                &with(header(), &json!({ "kid": FOREIGN_KEYS.id })).to_string(),
                &claims().to_string(),
            ),
            UnknownKey,
        ),
        ("kid missing", with_header(json!({ "kid": null })), ForeignHeader),
        ("kid empty", with_header(json!({ "kid": "" })), UnknownKey),
        ("kid a path", with_header(json!({ "kid": "../../../../dev/null" })), UnknownKey),
        ("kid an SQL injection", with_header(json!({ "kid": "x' UNION SELECT 'secret'--" })), UnknownKey),
        ("kid with a NUL", with_header(json!({ "kid": format!("{}\0", KEYS.id) })), UnknownKey),
        ("kid a URL", with_header(json!({ "kid": "http://127.0.0.1/key" })), UnknownKey),
        ("kid a number", with_header(json!({ "kid": 0 })), ForeignHeader),
        (
            "a key inside the token",
            with_header(json!({ "jwk": { "kty": "RSA", "n": "AQAB", "e": "AQAB" } })),
            ForeignHeader,
        ),
        ("a key set to fetch", with_header(json!({ "jku": "https://attacker.example/jwks.json" })), ForeignHeader),
        ("a certificate to fetch", with_header(json!({ "x5u": "https://attacker.example/cert.pem" })), ForeignHeader),
        ("a certificate inside the token", with_header(json!({ "x5c": ["AAAA"] })), ForeignHeader),
        // -- the rest of the header
        ("crit", with_header(json!({ "crit": ["exp"] })), ForeignHeader),
        ("b64 false", with_header(json!({ "b64": false, "crit": ["b64"] })), ForeignHeader),
        ("zip", with_header(json!({ "zip": "DEF" })), ForeignHeader),
        ("cty of a nested token", with_header(json!({ "cty": "JWT" })), ForeignHeader),
        ("typ of any JWT", with_header(json!({ "typ": "JWT" })), ForeignHeader),
        ("typ of an id token", with_header(json!({ "typ": "id+jwt" })), ForeignHeader),
        ("typ of a refresh token", with_header(json!({ "typ": "rt+jwt" })), ForeignHeader),
        ("typ missing", with_header(json!({ "typ": null })), ForeignHeader),
        ("alg twice", signed_text(&KEYS, &twice_header, &claims().to_string()), ForeignHeader),
        ("a header that is a list", signed_text(&KEYS, r#"["RS256"]"#, &claims().to_string()), ForeignHeader),
        ("a header of deep brackets", signed_text(&KEYS, &deep, &claims().to_string()), ForeignHeader),
        ("a header that is not JSON", signed_text(&KEYS, "alg=RS256", &claims().to_string()), ForeignHeader),
        // -- the claims
        ("iss of somebody else", with_claims(json!({ "iss": "evil" })), ForeignClaims),
        ("iss missing", with_claims(json!({ "iss": null })), ForeignClaims),
        ("iss a list with ours in it", with_claims(json!({ "iss": ["shelfiq", "evil"] })), ForeignClaims),
        ("aud of somebody else", with_claims(json!({ "aud": "other-api" })), ForeignClaims),
        ("aud missing", with_claims(json!({ "aud": null })), ForeignClaims),
        ("aud a list with ours in it", with_claims(json!({ "aud": ["shelfiq-api", "other"] })), ForeignClaims),
        ("sub missing", with_claims(json!({ "sub": null })), ForeignClaims),
        ("sub not an id", with_claims(json!({ "sub": "admin" })), ForeignClaims),
        ("sid missing", with_claims(json!({ "sid": null })), ForeignClaims),
        ("mid missing", with_claims(json!({ "mid": null })), ForeignClaims),
        ("a role that the bearer gave itself", with_claims(json!({ "role": "owner" })), ForeignClaims),
        ("a claim twice", signed_text(&KEYS, &header().to_string(), &twice), ForeignClaims),
        ("claims that are not JSON", signed_text(&KEYS, &header().to_string(), "sub=1"), ForeignClaims),
        ("claims of deep brackets", signed_text(&KEYS, &header().to_string(), &deep), ForeignClaims),
        // -- time
        ("exp missing", with_claims(json!({ "exp": null })), ForeignClaims),
        ("exp a text", with_claims(json!({ "exp": (at + 900).to_string() })), ForeignClaims),
        ("exp beyond any number", signed_text(&KEYS, &header().to_string(), &huge), ForeignClaims),
        ("exp a fraction", signed_text(&KEYS, &header().to_string(), &float), ForeignClaims),
        ("exp negative", with_claims(json!({ "exp": -1 })), ForeignClaims),
        ("exp now", with_claims(json!({ "exp": at })), Expired),
        ("exp before nbf", with_claims(json!({ "exp": at + 10, "nbf": at + 20 })), Expired),
        ("nbf missing", with_claims(json!({ "nbf": null })), ForeignClaims),
        ("nbf in the future", with_claims(json!({ "nbf": at + 60 })), NotYetValid),
        ("iat in the future", with_claims(json!({ "iat": at + 60 })), NotYetValid),
        // -- the signature and the shape
        ("no signature", format!("{head}.{body}."), WrongSignature),
        ("no third part", format!("{head}.{body}"), Malformed),
        ("one part", head.clone(), Malformed),
        ("nothing", String::new(), Malformed),
        ("two dots", "..".to_owned(), ForeignHeader),
        ("a fourth part", format!("{}.{}", good(), encode("more")), Malformed),
        ("five parts, as an encrypted token has", format!("{head}.{body}.{signature}.{body}.{signature}"), Malformed),
        ("half a signature", format!("{head}.{body}.{}", &signature[..half - half % 4]), WrongSignature),
        ("a flipped bit", format!("{head}.{body}.{}", encode(&flipped)), WrongSignature),
        ("a signature of zeros", format!("{head}.{body}.{}", encode([0; 256])), WrongSignature),
        (
            "another token's signature",
            format!("{head}.{}.{signature}", encode(with(claims(), &json!({ "exp": at + 9000 })).to_string())),
            WrongSignature,
        ),
        ("parts exchanged", format!("{body}.{head}.{signature}"), ForeignHeader),
        ("base64 with padding", format!("{head}.{body}.{signature}=="), Malformed),
        ("base64 with loose bits at the end", format!("{head}.{body}.{loose_end}"), Malformed),
        ("base64 of the other alphabet", format!("{head}.{body}.+/{}", &signature[2..]), Malformed),
        ("a space before", format!(" {}", good()), Malformed),
        ("a line break after", format!("{}\n", good()), Malformed),
        ("letters beyond ASCII", format!("{head}.{body}.é"), Malformed),
        ("a megabyte", format!("{head}.{}.{signature}", "A".repeat(1 << 20)), TooLong),
        ("a megabyte of dots", ".".repeat(1 << 20), TooLong),
    ];
    assert!(table.len() >= 80, "{} attacks", table.len());
    let tokens = tokens();
    for (attack, token, fault) in &table {
        assert_eq!(tokens.verify(token, now()).as_ref(), Err(fault), "{attack}");
    }
}

#[test]
fn keys_made_apart_have_different_names() {
    assert_ne!(KEYS.id, FOREIGN_KEYS.id);
    let hash = digest::digest(&digest::SHA256, &public_key());
    assert!(super::super::secret::hex(hash.as_ref()).starts_with(&KEYS.id));
}
