//! Numbers stored by their bits: what is read back is the same number in every format, `NaN` and infinities included.
//! (Readers of decimal text may be off by the last bit.) For `#[serde(with = "crate::exact")]`.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value made of floating-point numbers.
pub(crate) trait Exact: Sized {
    /// The same, made of whole numbers.
    type Bits: Serialize + DeserializeOwned;
    fn bits(&self) -> Self::Bits;
    fn of(bits: Self::Bits) -> Self;
}

pub(crate) fn serialize<T: Exact, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.bits().serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Exact, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::Bits::deserialize(deserializer).map(T::of)
}

impl Exact for f64 {
    type Bits = u64;
    fn bits(&self) -> u64 {
        self.to_bits()
    }
    fn of(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

impl Exact for f32 {
    type Bits = u32;
    fn bits(&self) -> u32 {
        self.to_bits()
    }
    fn of(bits: u32) -> Self {
        Self::from_bits(bits)
    }
}

impl<A: Exact, B: Exact> Exact for (A, B) {
    type Bits = (A::Bits, B::Bits);
    fn bits(&self) -> Self::Bits {
        (self.0.bits(), self.1.bits())
    }
    fn of((a, b): Self::Bits) -> Self {
        (A::of(a), B::of(b))
    }
}

impl<T: Exact> Exact for Option<T> {
    type Bits = Option<T::Bits>;
    fn bits(&self) -> Self::Bits {
        self.as_ref().map(T::bits)
    }
    fn of(bits: Self::Bits) -> Self {
        bits.map(T::of)
    }
}

impl<T: Exact> Exact for Vec<T> {
    type Bits = Vec<T::Bits>;
    fn bits(&self) -> Self::Bits {
        self.iter().map(T::bits).collect()
    }
    fn of(bits: Self::Bits) -> Self {
        bits.into_iter().map(T::of).collect()
    }
}

impl<T: Exact> Exact for BTreeMap<String, T> {
    type Bits = BTreeMap<String, T::Bits>;
    fn bits(&self) -> Self::Bits {
        self.iter().map(|(name, value)| (name.clone(), value.bits())).collect()
    }
    fn of(bits: Self::Bits) -> Self {
        bits.into_iter().map(|(name, value)| (name, T::of(value))).collect()
    }
}
