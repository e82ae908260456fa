import fc from "fast-check"
import { normalise, Normaliser } from "../normalise"
import { FieldValue } from "../values"

const CASES: [string, FieldValue, Normaliser | undefined, FieldValue][] = [
  ["leaves a value without a normaliser", " a ", undefined, " a "],
  ["leaves a value with one that says nothing", " a ", {}, " a "],
  ["leaves what is no text", true, { upper: true, digits: 2 }, true],
  ["leaves nothing as it is", null, { trim: true, blank_to_null: true }, null],
  ["cuts outer white space", " a b ", { trim: true }, "a b"],
  ["puts text in upper case", "ab", { upper: true }, "AB"],
  ["cuts text after so many characters", "abcdef", { max_length: 4 }, "abcd"],
  ["cuts to nothing", "abc", { max_length: 0 }, ""],
  ["trims before it cuts", "  abc", { trim: true, max_length: 2 }, "ab"],
  ["trims what the cut leaves", "ab cd", { trim: true, max_length: 3 }, "ab"],
  ["keeps a blank at the cut otherwise", "ab cd", { max_length: 3 }, "ab "],
  ["rounds decimals half up", "1.005", { digits: 2 }, "1.01"],
  ["rounds to whole numbers", "2.5", { digits: 0 }, "3"],
  ["stores an empty text as none", "", { blank_to_null: true }, null],
  ["keeps an empty text otherwise", "  ", { trim: true }, ""],
  [
    "takes white space for empty once it was trimmed",
    "  ",
    { trim: true, blank_to_null: true },
    null,
  ],
  ["keeps white space that it does not trim", " ", { blank_to_null: true }, " "],
]

describe("what an ERP does to a value on its own", () => {
  it.each(CASES)("%s", (_case, value, by, expected) => {
    expect(normalise(value, by)).toBe(expected)
  })

  it("is done once: a stored value is stored as it is", () => {
    const by = fc.record(
      { trim: fc.boolean(), upper: fc.boolean(), blank_to_null: fc.boolean() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.string(), by, (text, normaliser) => {
        const stored = normalise(text, normaliser)
        expect(normalise(stored, normaliser)).toBe(stored)
      }),
    )
  })
})
