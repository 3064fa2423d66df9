// The shop itself: what is for sale, what is in the order, and how it looks under the flags of the moment.

import { byId, drawing, make, money } from "./dom.js";
import { LAMPS } from "./lamps.js";
import { SCENES } from "./scenes.js";

const SHIPPING = 7.5;

const STEPS = [
  ["Address", "Imagine a form with eleven fields here, of which two reject what you typed."],
  ["Delivery", "Standard, or standard but with a nicer name."],
  ["Payment", "Sixteen digits, four digits, three digits."],
];

/**
 * Draws the shop, now and whenever the look changes.
 *
 * @param {import("./flags.js").Look} initial
 * @returns {(look: import("./flags.js").Look) => void} shows another look
 */
export function createShop(initial) {
  let look = initial;
  /** @type {Map<string, number>} How many of which lamp. */
  const order = new Map([["mushroom", 1]]);
  let step = 0;

  const steps = /** @type {HTMLDialogElement} */ (byId("steps"));

  /** @param {number} price */
  const reduced = (price) => Math.round(price * (100 - look.discountPercent)) / 100;

  function drawScene() {
    const theme = look.theme in SCENES ? look.theme : "dawn";
    const scene = /** @type {import("./scenes.js").Scene} */ (SCENES[theme]);
    document.documentElement.dataset.theme = theme;
    byId("hero-eyebrow").textContent = scene.eyebrow;
    byId("hero-title").textContent = scene.title;
    byId("hero-lede").textContent = scene.lede;
    byId("hero-scene").replaceChildren(drawing(scene.art, "0 0 1160 340"));
    byId("banner").textContent = look.banner;
    byId("banner").hidden = look.banner === "";
  }

  function drawProducts() {
    const products = byId("products");
    products.style.setProperty("--columns", String(look.columns));
    products.replaceChildren(...LAMPS.map(drawProduct));
    byId("offer").hidden = look.discountPercent === 0;
    byId("offer").textContent = `${look.discountPercent} % off everything`;
  }

  /** @param {import("./lamps.js").Lamp} lamp */
  function drawProduct(lamp) {
    const price = make("p", { class: "price" }, make("strong", {}, money(reduced(lamp.price))));
    if (look.discountPercent > 0) {
      price.append(
        make("span", { class: "visually-hidden" }, " instead of "),
        " ",
        make("s", {}, money(lamp.price)),
      );
    }
    const add = make(
      "button",
      { class: "button small quiet", type: "button", "aria-label": `Add ${lamp.name}` },
      "Add",
    );
    add.addEventListener("click", () => change(lamp.id, 1));
    const text = make("div", { class: "product-text" }, make("h3", {}, lamp.name), make("p", {}, lamp.text));
    if (look.ratings) {
      const label = `${lamp.rating} of 5 stars, ${lamp.reviews} reviews`;
      const stars = make("p", { class: "rating", role: "img", "aria-label": label });
      stars.append(make("span", { class: "stars" }, "★★★★★"), ` ${lamp.rating} · ${lamp.reviews}`);
      stars.style.setProperty("--rating", String(lamp.rating / 5));
      text.append(stars);
    }
    const art = make("div", { class: "art" });
    art.append(drawing(lamp.art, "0 0 120 130"));
    return make("li", { class: "card product" }, art, text, make("div", { class: "buy" }, price, add));
  }

  function drawOrder() {
    const bought = LAMPS.filter(({ id }) => order.has(id));
    byId("lines").replaceChildren(
      ...bought.map((lamp) => {
        const count = order.get(lamp.id) ?? 0;
        const less = make(
          "button",
          { type: "button", class: "step", "aria-label": `One ${lamp.name} less` },
          "−",
        );
        const more = make(
          "button",
          { type: "button", class: "step", "aria-label": `One ${lamp.name} more` },
          "+",
        );
        less.addEventListener("click", () => change(lamp.id, -1));
        more.addEventListener("click", () => change(lamp.id, 1));
        const amount = make("span", { class: "amount" }, less, String(count), more);
        return make(
          "li",
          {},
          make("span", {}, lamp.name),
          amount,
          make("span", {}, money(lamp.price * count)),
        );
      }),
    );
    const items = bought.reduce((sum, lamp) => sum + lamp.price * (order.get(lamp.id) ?? 0), 0);
    const paid = reduced(items);
    const shipping = items === 0 || paid >= look.freeShippingFrom ? 0 : SHIPPING;
    byId("empty").hidden = items > 0;
    byId("items-sum").textContent = money(items);
    byId("discount-row").hidden = look.discountPercent === 0;
    byId("discount-label").textContent = `Discount, ${look.discountPercent} %`;
    byId("discount-sum").textContent = `−${money(items - paid)}`;
    byId("shipping-sum").textContent = items > 0 && shipping === 0 ? "Free" : money(shipping);
    byId("total-sum").textContent = money(paid + shipping);
    drawShipping(paid);
    drawCheckout(items > 0);
  }

  /** @param {number} paid */
  function drawShipping(paid) {
    const missing = look.freeShippingFrom - paid;
    const progress = /** @type {HTMLProgressElement} */ (byId("shipping-progress"));
    progress.value = look.freeShippingFrom === 0 ? 100 : Math.min(100, (100 * paid) / look.freeShippingFrom);
    byId("shipping-text").textContent =
      missing > 0 ? `${money(missing)} more for free shipping` : "Shipping is on us";
  }

  /** @param {boolean} possible */
  function drawCheckout(possible) {
    const button = /** @type {HTMLButtonElement} */ (byId("checkout"));
    button.textContent = look.expressCheckout ? "Express checkout" : "Buy now";
    button.classList.toggle("express", look.expressCheckout);
    button.disabled = !possible;
    const how = look.expressCheckout ? "One tap: address and card are on file" : "Address, delivery, payment";
    byId("checkout-hint").textContent = possible ? how : "Add a lamp first";
  }

  /**
   * @param {string} id
   * @param {number} by
   */
  function change(id, by) {
    const count = (order.get(id) ?? 0) + by;
    if (count > 0) order.set(id, count);
    else order.delete(id);
    byId("receipt").hidden = true;
    drawOrder();
  }

  function pay() {
    const total = byId("total-sum").textContent;
    order.clear();
    drawOrder();
    byId("receipt").textContent = `Thank you! ${total} for nothing at all, on its way.`;
    byId("receipt").hidden = false;
  }

  function drawStep() {
    const [title = "", text = ""] = STEPS[step] ?? [];
    byId("steps-count").textContent = `Step ${step + 1} of ${STEPS.length}`;
    byId("steps-title").textContent = title;
    byId("steps-text").textContent = text;
    byId("steps-next").textContent = step < STEPS.length - 1 ? "Continue" : "Place order";
  }

  byId("checkout").addEventListener("click", () => {
    if (look.expressCheckout) {
      pay();
      return;
    }
    step = 0;
    drawStep();
    steps.showModal();
  });
  byId("steps-next").addEventListener("click", () => {
    step++;
    if (step < STEPS.length) {
      drawStep();
      return;
    }
    steps.close();
    pay();
  });

  /** @param {import("./flags.js").Look} next */
  function show(next) {
    look = next;
    drawScene();
    drawProducts();
    drawOrder();
  }
  show(initial);
  return show;
}
