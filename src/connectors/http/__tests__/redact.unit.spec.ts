import { createRedactor } from "../redact"

const redact = createRedactor(["s3cret/key", undefined, "", "s3cret/key-longer"])

it.each([
  ["key s3cret/key here", "key *** here"],
  ["s3cret/key-longer", "***"],
  [`url ?k=${encodeURIComponent("s3cret/key")}`, "url ?k=***"],
  [Buffer.from("s3cret/key").toString("base64"), "***"],
  ["https://bot:pw@erp.example/json", "https://***@erp.example/json"],
  ["Authorization: Bearer abcdef123456", "Authorization: *** ***"],
  ['{"password":"hunter2","login":"bot"}', '{"password":"***","login":"bot"}'],
  ["nothing to hide", "nothing to hide"],
])("redacts %p", (text, expected) => {
  expect(redact(text)).toBe(expected)
})
