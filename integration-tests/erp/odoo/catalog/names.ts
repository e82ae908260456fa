/** A category tree of three levels. */
export const CATEGORY_TREE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =
  {
    Furniture: {
      Chairs: ["Office chairs", "Dining chairs", "Stools"],
      Tables: ["Desks", "Coffee tables"],
      Storage: ["Shelves", "Cabinets", "Boxes"],
    },
    Clothing: {
      Tops: ["T-shirts", "Sweaters", "Shirts"],
      Bottoms: ["Trousers", "Skirts"],
      Outdoor: ["Jackets", "Hats"],
    },
    Kitchen: {
      Cookware: ["Pots", "Pans"],
      Tableware: ["Plates", "Mugs", "Glasses"],
      Food: ["Tea", "Coffee", "Spices"],
    },
    Electronics: {
      Audio: ["Headphones", "Speakers"],
      Lighting: ["Lamps", "Bulbs"],
    },
    Services: {
      Delivery: ["Installation"],
    },
  }

export const ADJECTIVES = [
  ...["Classic", "Compact", "Nordic", "Rustic", "Modern", "Soft", "Bold", "Slim", "Grand", "Pure"],
] as const

export const NOUNS = [
  ...["Desk", "Chair", "Stool", "Lamp", "Mug", "Shirt", "Jacket", "Pan", "Speaker", "Shelf"],
  ...["Cabinet", "Plate", "Sweater", "Hat", "Teapot", "Glass", "Box", "Bulb"],
] as const

export const SERIES = [
  ...["Oslo", "Riga", "Porto", "Turin", "Ghent", "Malmö", "Brno", "Łódź", "Cádiz", "Zürich"],
] as const

export const TAGS = ["New", "Sale", "Eco", "Handmade", "Bestseller", "Last chance"] as const

export interface AttributeDraft {
  readonly name: string
  readonly mode: "always" | "dynamic" | "no_variant"
  readonly display: string
  readonly values: readonly string[]
}

export const ATTRIBUTES: readonly AttributeDraft[] = [
  {
    name: "Color",
    mode: "always",
    display: "color",
    values: ["White", "Black", "Red", "Blue", "Green", "Sand"],
  },
  {
    name: "Size",
    mode: "always",
    display: "pills",
    values: ["XS", "S", "M", "L", "XL", "XXL"],
  },
  { name: "Material", mode: "always", display: "select", values: ["Oak", "Steel", "Cotton"] },
  { name: "Length", mode: "dynamic", display: "pills", values: ["80 cm", "120 cm", "160 cm"] },
  { name: "Engraving", mode: "no_variant", display: "radio", values: ["None", "Initials"] },
]

/** Titles of legal kinds that break careless code: scripts, directions, emoji, marks, markup, length. */
export const SPECIAL_TITLES: readonly string[] = [
  "Стол письменный «Нева»",
  "竹製收納盒(大)",
  "كرسي مكتب مريح",
  "כיסא עץ קלאסי",
  "Mug ☕️ with a smile 😀👩‍👩‍👧",
  "Cafe\u0301 au lait bowl",
  "ミニ・ランプ",
  "गरम मसाला",
  "ชาเขียว",
  `12" pan, "chef's choice" & more`,
  "Box <b>large</b> <script>alert(1)</script>",
  "Back\\slash / slash ; semicolon",
  `Endless shelf ${"extra ".repeat(100)}`.slice(0, 511) + "!",
]

export const DESCRIPTIONS: readonly string[] = [
  "Made to last. Ships flat.",
  'Says "hello" & <em>means</em> it.',
  "Line one\nLine two\n\nAfter a gap",
  "Care: 30° wash – do not bleach; 100 % cotton.",
  "Für drinnen und draußen. Schön & stabil.",
]
