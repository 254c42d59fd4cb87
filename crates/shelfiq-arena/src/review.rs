//! Reviews: stars, words, and the truth about what the words say.

use rand::Rng;
use serde::Serialize;

use crate::noise::{between, happens, pick, pick_weighted};

/// What a sentence of a review is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// How well it is made.
    Quality,
    /// How it looks.
    Looks,
    /// Size and fit.
    Size,
    /// Speed of delivery.
    Delivery,
    /// How it was packed.
    Packaging,
    /// What it is worth for its price.
    Value,
    /// How the shop answered.
    Service,
}

/// The truth about one review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewTruth {
    /// Id of the review, as in its event.
    pub review: String,
    /// Position of the Sku in the catalogue.
    pub sku_index: u32,
    /// Stars, 1 to 5.
    pub rating: u8,
    /// What is praised (`true`) or criticised (`false`), in the order of the sentences.
    pub aspects: Vec<(Aspect, bool)>,
}

/// A review before it has an id and a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) rating: u8,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) aspects: Vec<(Aspect, bool)>,
}

struct Phrases {
    aspect: Aspect,
    praise: &'static [&'static str],
    criticism: &'static [&'static str],
}

/// `{}` stands for the kind of product.
const PHRASES: [Phrases; 7] = [
    Phrases {
        aspect: Aspect::Quality,
        praise: &[
            "The {} is beautifully made.",
            "You can feel the care that went into it.",
            "Solid work, no rough edges anywhere.",
            "After two months of daily use it still looks like new.",
            "Much better made than the one I had before.",
        ],
        criticism: &[
            "It broke after a week.",
            "The {} feels flimsy.",
            "There was a crack when I unpacked it.",
            "The finish came off the first time I cleaned it.",
            "One side is crooked, which should not have passed a check.",
        ],
    },
    Phrases {
        aspect: Aspect::Looks,
        praise: &[
            "The colour is even nicer than in the photos.",
            "It looks lovely on our shelf.",
            "Everyone who visits asks where this {} is from.",
            "Such a warm, calm shade.",
        ],
        criticism: &[
            "The colour is nothing like the photos.",
            "It looks cheaper than I expected.",
            "The pattern is printed off-centre.",
        ],
    },
    Phrases {
        aspect: Aspect::Size,
        praise: &[
            "Exactly the size I was looking for.",
            "The size fits perfectly.",
            "Bigger than I thought, in a good way.",
        ],
        criticism: &[
            "Much smaller than it looks in the pictures.",
            "The measurements in the description are wrong.",
            "Too big for what I needed, please add a photo with a hand for scale.",
        ],
    },
    Phrases {
        aspect: Aspect::Delivery,
        praise: &["It arrived two days early.", "Fast delivery.", "Ordered on Monday, here on Wednesday."],
        criticism: &[
            "Delivery took almost three weeks.",
            "It came too late for the birthday it was meant for.",
            "The tracking did not move for ten days.",
        ],
    },
    Phrases {
        aspect: Aspect::Packaging,
        praise: &[
            "Wrapped so nicely that I gave it away as it was.",
            "Safely packed and without any plastic.",
            "The handwritten note was a sweet touch.",
        ],
        criticism: &[
            "The box was crushed and there was hardly any padding.",
            "Packed carelessly.",
            "Far too much plastic around one small {}.",
        ],
    },
    Phrases {
        aspect: Aspect::Value,
        praise: &["Worth every cent.", "A fair price for handmade work.", "Great value, I will order another {}."],
        criticism: &[
            "Not worth the money.",
            "Overpriced for what it is.",
            "I have seen the same {} for half the price.",
        ],
    },
    Phrases {
        aspect: Aspect::Service,
        praise: &[
            "The seller answered within an hour.",
            "They replaced it without any fuss.",
            "Friendly messages all the way.",
        ],
        criticism: &[
            "I wrote twice and got no answer.",
            "They refused to take it back.",
            "The reply was rather unfriendly.",
        ],
    },
];

const HAPPY_TITLES: &[&str] =
    &["Lovely", "So happy with this", "Beautiful {}", "Would buy again", "A perfect gift", "Exactly as described", ""];
const MIXED_TITLES: &[&str] = &["It is okay", "Mixed feelings", "Nice, but", "Not quite what I hoped for", ""];
const UNHAPPY_TITLES: &[&str] = &["Disappointed", "Would not buy again", "Not as described", "Sadly no", "Broken", ""];

const HAPPY_OPENINGS: &[&str] =
    &["", "", "Bought this {} for my sister and she loves it.", "My third order here.", "I love it."];
const MIXED_OPENINGS: &[&str] = &["", "Not bad, not great.", "I wanted to like this {} more."];
const UNHAPPY_OPENINGS: &[&str] = &["", "I am not happy with this {}.", "Unfortunately this was a let-down."];

/// Writes the review of an ordinary buyer. `quality` is the Sku's mean number of stars, about 3.5 to 5.
pub(crate) fn write(family: &str, quality: f64, rng: &mut impl Rng) -> Written {
    let shortfall = (5.0 - quality).clamp(0.05, 2.0);
    let weights =
        [0.05 * shortfall, 0.04 * shortfall, 0.10 * shortfall, 0.40 * shortfall, (1.3 - 0.5 * shortfall).max(0.2)];
    let rating = pick_weighted(rng, &weights) as u8 + 1;
    compose(family, rating, None, rng)
}

/// Writes the review of someone who got a piece of the bad batch.
pub(crate) fn complain(family: &str, rng: &mut impl Rng) -> Written {
    let rating = if happens(rng, 0.7) { 1 } else { 2 };
    compose(family, rating, Some(Aspect::Quality), rng)
}

/// Mean stars of a Sku, drawn once.
pub(crate) fn draw_quality(rng: &mut impl Rng) -> f64 {
    between(rng, 4.05, 4.95)
}

fn compose(family: &str, rating: u8, first_aspect: Option<Aspect>, rng: &mut impl Rng) -> Written {
    let (titles, openings, praise_probability) = match rating {
        5 => (HAPPY_TITLES, HAPPY_OPENINGS, 1.0),
        4 => (HAPPY_TITLES, HAPPY_OPENINGS, 0.75),
        3 => (MIXED_TITLES, MIXED_OPENINGS, 0.5),
        2 => (UNHAPPY_TITLES, UNHAPPY_OPENINGS, 0.2),
        _ => (UNHAPPY_TITLES, UNHAPPY_OPENINGS, 0.0),
    };
    // One sentence is usual, a third of the reviews say nothing but the stars and a word.
    let sentence_count =
        if first_aspect.is_some() { rng.random_range(1..=2) } else { pick_weighted(rng, &[0.2, 0.4, 0.28, 0.12]) };
    let mut sentences = Vec::with_capacity(sentence_count + 1);
    let mut aspects: Vec<(Aspect, bool)> = Vec::with_capacity(sentence_count);
    sentences.push(pick(rng, openings).replace("{}", family));
    while aspects.len() < sentence_count {
        let wanted = first_aspect.filter(|_| aspects.is_empty());
        let phrases = match wanted {
            Some(aspect) => PHRASES.iter().find(|phrases| phrases.aspect == aspect).unwrap_or(&PHRASES[0]),
            None => &PHRASES[pick_weighted(rng, &[0.28, 0.22, 0.12, 0.14, 0.10, 0.08, 0.06])],
        };
        if aspects.iter().any(|(known, _)| *known == phrases.aspect) {
            continue;
        }
        let is_praise = happens(rng, praise_probability);
        sentences.push(pick(rng, if is_praise { phrases.praise } else { phrases.criticism }).replace("{}", family));
        aspects.push((phrases.aspect, is_praise));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    Written { rating, title: pick(rng, titles).replace("{}", family), text: sentences.join(" "), aspects }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{Noise, Stream};

    fn many() -> Vec<Written> {
        let mut rng = Noise::new(5).at(Stream::Review, 0, 0);
        (0..4_000).map(|_| write("stoneware mug", 4.6, &mut rng)).collect()
    }

    #[test]
    fn stars_are_as_kind_as_on_real_marketplaces() {
        let reviews = many();
        let mean = reviews.iter().map(|review| f64::from(review.rating)).sum::<f64>() / reviews.len() as f64;
        assert!((4.4..4.8).contains(&mean), "{mean}");
        assert!(reviews.iter().any(|review| review.rating == 1));
    }

    #[test]
    fn the_words_agree_with_the_stars() {
        for review in many() {
            match review.rating {
                5 => assert!(review.aspects.iter().all(|(_, praise)| *praise), "{review:?}"),
                1 => assert!(review.aspects.iter().all(|(_, praise)| !praise), "{review:?}"),
                _ => {}
            }
            assert!(!review.text.contains("{}") && !review.title.contains("{}"));
        }
    }
}
