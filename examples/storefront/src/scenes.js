/**
 * The picture and the words of each hero theme.
 * @typedef {{ eyebrow: string, title: string, lede: string, art: string }} Scene
 */

/** @type {Readonly<Record<string, Scene>>} Drawn 1160 by 340; the left half stays calm, for the words. */
export const SCENES = {
  dawn: {
    eyebrow: "Autumn collection",
    title: "Light that keeps you company",
    lede: "Six lamps, turned from ash and blown by hand, for the hours after the sun.",
    art: '<circle cx="860" cy="196" r="128" class="sun-halo"/><circle cx="860" cy="196" r="82" class="sun"/><path d="M0 318c300 0 420-70 600-66s220 30 330-14 170-36 230-20v122H0z" class="far"/><path d="M0 336c320-4 480-30 680-34s300 20 480-22v60H0z" class="near"/>',
  },
  midnight: {
    eyebrow: "After hours",
    title: "The best light is the last one on",
    lede: "Warm to the eye, kind to the dark. For readers, night owls and new parents.",
    art: '<g class="stars"><circle cx="560" cy="52" r="2"/><circle cx="640" cy="120" r="1.5"/><circle cx="700" cy="40" r="2.4"/><circle cx="742" cy="166" r="1.4"/><circle cx="806" cy="92" r="2"/><circle cx="1004" cy="48" r="1.6"/><circle cx="1080" cy="128" r="2"/><circle cx="1122" cy="60" r="1.3"/><circle cx="596" cy="190" r="1.4"/><circle cx="1046" cy="196" r="1.5"/><circle cx="420" cy="30" r="1.5"/><circle cx="270" cy="44" r="1.4"/></g><path d="M930 78a62 62 0 1 0 34 98 52 52 0 1 1-34-98z" class="moon"/><path d="M0 318c280 0 420-60 620-58s240 26 340-10 150-26 200-14v104H0z" class="far"/><path d="M0 336c320-4 480-28 680-32s300 18 480-20v56H0z" class="near"/><path d="M698 270l34-28 34 28v40h-68z" class="house"/><rect x="712" y="278" width="14" height="16" class="window"/><rect x="738" y="278" width="14" height="16" class="window"/>',
  },
  fjord: {
    eyebrow: "Made for the north",
    title: "For when the day is four hours long",
    lede: "Daylight by the desk at three in the afternoon. Shipped from Bergen, by train.",
    art: '<path d="M300 110C480 20 700 120 1160 30V90C760 170 560 60 300 110z" class="aurora"/><path d="M360 150C560 90 760 170 1160 100V130C800 200 600 110 360 150z" class="aurora faint"/><path d="M0 304q180-14 360-22l150-26 96-118 58 70 84-112 104 136 66-78 70 88 78-58 94 86v70H0z" class="far"/><path d="M606 138l-34 42 24-8 16 18 20-18zM748 96l-42 56 30-10 18 20 26-20zM918 154l-22 26 18-4 10 12 14-10z" class="snow"/><path d="M0 300h1160v40H0z" class="near"/><path d="M560 316h120M730 326h170M960 314h110M250 324h90" class="ripple"/>',
  },
};
