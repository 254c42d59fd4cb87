//! Product families: what the shop sells, in which sizes and finishes, and what that costs.

use super::Category;

/// A kind of product. Skus are its collections, sizes and finishes.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) category: Category,
    /// Start of the Sku code.
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    /// Lowest and highest usual price in major units.
    pub(crate) price: (f64, f64),
    /// Sizes from small to large; a larger one costs more.
    pub(crate) sizes: &'static [&'static str],
    pub(crate) finishes: &'static [&'static str],
}

const GLAZES: &[&str] = &["sage", "oat", "ink blue", "terracotta", "charcoal", "chalk white", "ochre", "moss"];
const SCENTS: &[&str] =
    &["fig & cedar", "lavender", "sea salt", "orange & clove", "wild mint", "vanilla", "pine", "black tea"];
const FABRICS: &[&str] =
    &["natural linen", "rust", "forest green", "dusty rose", "navy", "mustard", "stone grey", "ivory"];
const PRINTS: &[&str] = &["botanical", "harbour", "foxes", "night sky", "wildflowers", "mountains", "citrus", "herons"];
const METALS: &[&str] = &["sterling silver", "gold vermeil", "brass", "rose gold", "oxidised silver", "bronze"];
const ANIMALS: &[&str] = &["bear", "otter", "whale", "hedgehog", "rabbit", "owl", "fox", "elephant"];
const WEATHERED: &[&str] = &["rust", "slate", "zinc", "oak", "olive", "terracotta", "black", "sand"];
const YARNS: &[&str] = &["heather", "teal", "cream", "berry", "moss", "denim", "saffron", "graphite"];

const fn family(
    category: Category,
    code: &'static str,
    title: &'static str,
    price: (f64, f64),
    sizes: &'static [&'static str],
    finishes: &'static [&'static str],
) -> Family {
    Family { category, code, title, price, sizes, finishes }
}

use Category::{Candles, Craft, Garden, Jewellery, Paper, Tableware, Textiles, Toys};

/// All families, categories taking turns so that any number of products spreads over all of them.
pub(crate) const FAMILIES: [Family; 48] = [
    family(Tableware, "MUG", "stoneware mug", (12.0, 19.0), &["250 ml", "350 ml", "450 ml"], GLAZES),
    family(Candles, "SOY", "soy candle", (11.0, 24.0), &["120 g", "220 g", "400 g"], SCENTS),
    family(Textiles, "THR", "wool throw", (49.0, 89.0), &["130 × 170 cm", "150 × 200 cm"], FABRICS),
    family(Paper, "CRD", "greeting card", (3.0, 5.0), &["single", "set of 6"], PRINTS),
    family(Jewellery, "EAR", "stud earrings", (18.0, 42.0), &["4 mm", "6 mm"], METALS),
    family(Toys, "PLU", "plush toy", (16.0, 32.0), &["20 cm", "35 cm"], ANIMALS),
    family(Garden, "PLA", "planter", (14.0, 38.0), &["12 cm", "18 cm", "24 cm"], WEATHERED),
    family(Craft, "YRN", "merino yarn", (6.0, 12.0), &["50 g", "100 g"], YARNS),
    family(Tableware, "BWL", "serving bowl", (22.0, 46.0), &["18 cm", "24 cm", "30 cm"], GLAZES),
    family(Candles, "DIF", "reed diffuser", (19.0, 34.0), &["100 ml", "200 ml"], SCENTS),
    family(Textiles, "CUS", "cushion cover", (17.0, 32.0), &["40 × 40 cm", "50 × 50 cm"], FABRICS),
    family(Paper, "NTB", "notebook", (8.0, 16.0), &["A6 dotted", "A5 dotted", "A5 lined"], PRINTS),
    family(Jewellery, "NCK", "pendant necklace", (28.0, 74.0), &["42 cm", "50 cm"], METALS),
    family(Toys, "PUZ", "wooden puzzle", (14.0, 29.0), &["24 pieces", "48 pieces"], ANIMALS),
    family(Garden, "LAN", "garden lantern", (19.0, 44.0), &["20 cm", "32 cm"], WEATHERED),
    family(Craft, "EMB", "embroidery kit", (15.0, 28.0), &["10 cm hoop", "18 cm hoop"], PRINTS),
    family(Tableware, "JUG", "milk jug", (16.0, 30.0), &["300 ml", "700 ml"], GLAZES),
    family(Candles, "SOP", "bar soap", (5.0, 9.0), &["100 g", "set of 3"], SCENTS),
    family(Textiles, "TWL", "tea towel", (9.0, 16.0), &["single", "set of 2"], FABRICS),
    family(Paper, "PRT", "art print", (14.0, 36.0), &["A4", "A3"], PRINTS),
    family(Jewellery, "RNG", "stacking ring", (22.0, 58.0), &["size 52", "size 54", "size 56"], METALS),
    family(Toys, "BLK", "building blocks", (24.0, 48.0), &["30 pieces", "60 pieces"], ANIMALS),
    family(Garden, "BRD", "bird feeder", (13.0, 29.0), &["small", "large"], WEATHERED),
    family(Craft, "NDL", "bamboo needles", (7.0, 14.0), &["3.5 mm", "4 mm", "5 mm"], YARNS),
    family(Tableware, "PLT", "dinner plate", (14.0, 26.0), &["21 cm", "27 cm"], GLAZES),
    family(Candles, "WAX", "wax melts", (6.0, 11.0), &["pack of 6", "pack of 12"], SCENTS),
    family(Textiles, "NAP", "linen napkins", (18.0, 34.0), &["set of 2", "set of 4"], FABRICS),
    family(Paper, "CAL", "wall calendar", (16.0, 24.0), &["A4", "A3"], PRINTS),
    family(Jewellery, "BRC", "bracelet", (19.0, 46.0), &["17 cm", "19 cm"], METALS),
    family(Toys, "RAT", "baby rattle", (11.0, 19.0), &["small", "large"], ANIMALS),
    family(Garden, "WND", "wind chime", (18.0, 36.0), &["40 cm", "60 cm"], WEATHERED),
    family(Craft, "MAC", "macramé kit", (19.0, 34.0), &["wall hanging", "plant hanger"], YARNS),
    family(Tableware, "VAS", "bud vase", (13.0, 28.0), &["12 cm", "20 cm"], GLAZES),
    family(Candles, "INC", "incense sticks", (5.0, 9.0), &["20 sticks", "50 sticks"], SCENTS),
    family(Textiles, "TBL", "table runner", (24.0, 42.0), &["150 cm", "200 cm"], FABRICS),
    family(Paper, "WRP", "wrapping paper", (4.0, 8.0), &["3 sheets", "10 sheets"], PRINTS),
    family(Jewellery, "BRO", "enamel brooch", (12.0, 22.0), &["25 mm", "40 mm"], METALS),
    family(Toys, "MOB", "nursery mobile", (32.0, 58.0), &["felt", "wood"], ANIMALS),
    family(Garden, "SEE", "seed bomb set", (6.0, 12.0), &["pack of 5", "pack of 12"], PRINTS),
    family(Craft, "DYE", "natural dye set", (12.0, 24.0), &["starter", "full"], YARNS),
    family(Tableware, "TEA", "teapot", (32.0, 64.0), &["600 ml", "1 litre"], GLAZES),
    family(Candles, "BTH", "bath salts", (9.0, 18.0), &["250 g", "500 g"], SCENTS),
    family(Textiles, "APR", "kitchen apron", (24.0, 44.0), &["regular", "long"], FABRICS),
    family(Paper, "STK", "sticker sheet", (3.0, 6.0), &["A6", "A5"], PRINTS),
    family(Jewellery, "HAI", "hair clip", (9.0, 19.0), &["small", "large"], METALS),
    family(Toys, "GAM", "memory game", (15.0, 27.0), &["24 cards", "48 cards"], ANIMALS),
    family(Garden, "STA", "plant stakes", (7.0, 14.0), &["set of 4", "set of 8"], WEATHERED),
    family(Craft, "BTN", "wooden buttons", (3.0, 7.0), &["15 mm", "25 mm"], YARNS),
];

/// First words of collections; with [`COLLECTION_PLACES`] they name more products than the largest shop has.
pub(crate) const COLLECTIONS: [&str; 36] = [
    "Harbour", "Meadow", "Juniper", "Solstice", "Willow", "Ember", "Tide", "Orchard", "Lumen", "Bramble", "Fjord",
    "Saffron", "Hazel", "Drift", "Aurora", "Clover", "Marlow", "Isla", "Thistle", "Nordlys", "Pebble", "Wren",
    "Linden", "Cobalt", "Maple", "Heath", "Coral", "Rowan", "Alder", "Quill", "Sorrel", "Dune", "Fern", "Tarn",
    "Vesper", "Amber",
];
pub(crate) const COLLECTION_PLACES: [&str; 40] = [
    "Lane", "Hill", "Bay", "Mill", "Wood", "Brook", "Point", "Gate", "Moor", "Field", "Ridge", "Cove", "Glen", "Quay",
    "Croft", "Dale", "Shore", "Ford", "Grove", "Heights", "Hollow", "Island", "Lake", "March", "Nook", "Path", "Pier",
    "Rise", "Rock", "Row", "Sands", "Spring", "Stone", "Vale", "View", "Walk", "Water", "Way", "Weir", "Yard",
];

/// Who makes what stands on this shelf, and the days from order to delivery. At least two each.
pub(crate) const fn suppliers(category: Category) -> &'static [(&'static str, u32)] {
    match category {
        Tableware => &[("Kiln & Co", 21), ("Atelier Vermeer", 28), ("Pottery Lane", 16)],
        Candles => &[("Northlight Studio", 14), ("Marigold Makers", 7)],
        Textiles => &[("Casa Lino", 24), ("Fell & Fold", 10), ("Loom & Heather", 30)],
        Paper => &[("Inkwell Press", 8), ("Oakfield Trading", 12)],
        Jewellery => &[("Silverbirch", 16), ("Studio Halo", 20), ("Tideline Crafts", 9)],
        Toys => &[("Baltic Woodworks", 35), ("Little Acorn", 30)],
        Garden => &[("Greenhaven", 18), ("Ironwood & Sons", 26)],
        Craft => &[("Skein & Row", 13), ("Oakfield Trading", 12)],
    }
}
