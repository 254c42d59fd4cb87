//! Carrier of the integration tests in `it/`.
