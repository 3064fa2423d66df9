/**
 * A product. Prices are in euros.
 * @typedef {{ id: string, name: string, text: string, price: number, rating: number, reviews: number, art: string }} Lamp
 */

const base = '<ellipse cx="60" cy="124" rx="26" ry="4" class="shadow"/>';

/** @type {readonly Lamp[]} */
export const LAMPS = [
  {
    id: "mushroom",
    name: "Mushroom",
    text: "Opal glass on an ash stem",
    price: 89,
    rating: 4.8,
    reviews: 212,
    art: `${base}<circle cx="60" cy="62" r="46" class="glow"/><path d="M22 66a38 34 0 0 1 76 0z" class="light"/><path d="M52 66h16l4 52H48z" class="wood"/><rect x="42" y="116" width="36" height="7" rx="3.5" class="wood-dark"/>`,
  },
  {
    id: "pendulum",
    name: "Pendulum",
    text: "Spun brass, two meters of linen cord",
    price: 64,
    rating: 4.6,
    reviews: 98,
    art: `<path d="M60 0v46" class="cord"/><circle cx="60" cy="92" r="40" class="glow"/><path d="M30 84q4-38 30-38t30 38z" class="metal"/><ellipse cx="60" cy="84" rx="30" ry="6" class="light"/>`,
  },
  {
    id: "heron",
    name: "Heron",
    text: "A reading lamp that leans in",
    price: 149,
    rating: 4.9,
    reviews: 341,
    art: `${base}<circle cx="88" cy="50" r="34" class="glow"/><path d="M44 122V46q0-26 28-22" class="stem"/><path d="M66 20l32 14-10 18-30-14z" class="metal"/><path d="M60 39l28 13-3 5-27-12z" class="light"/><rect x="26" y="118" width="36" height="6" rx="3" class="wood-dark"/>`,
  },
  {
    id: "moon",
    name: "Paper Moon",
    text: "Washi on a bamboo frame",
    price: 42,
    rating: 4.5,
    reviews: 167,
    art: `${base}<circle cx="60" cy="66" r="54" class="glow"/><circle cx="60" cy="66" r="40" class="light"/><path d="M24 50h72M20 66h80M24 82h72" class="rib"/><path d="M48 106h24l4 16H44z" class="wood"/>`,
  },
  {
    id: "lantern",
    name: "Harbour",
    text: "A lantern for the sill, twelve hours a charge",
    price: 58,
    rating: 4.7,
    reviews: 129,
    art: `${base}<circle cx="60" cy="76" r="42" class="glow"/><path d="M44 36q16-24 32 0" class="stem"/><rect x="40" y="36" width="40" height="10" rx="4" class="metal"/><rect x="43" y="46" width="34" height="62" rx="6" class="light"/><path d="M43 46v62M77 46v62M60 46v62" class="rib"/><rect x="36" y="106" width="48" height="14" rx="5" class="metal"/>`,
  },
  {
    id: "candle",
    name: "Wick",
    text: "Flickers a little, burns nothing down",
    price: 24,
    rating: 4.4,
    reviews: 403,
    art: `${base}<circle cx="60" cy="46" r="34" class="glow"/><path d="M60 18q16 20 0 36q-16-16 0-36z" class="light"/><rect x="46" y="58" width="28" height="62" rx="8" class="wax"/><rect x="38" y="114" width="44" height="8" rx="4" class="wood-dark"/>`,
  },
];
