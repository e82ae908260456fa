import assert from "node:assert/strict"

import { erpId } from "../../../sync/ids"
import type { Connector, ImageContent } from "../../contract"
import { pullAll, withConnector } from "../collect"
import type { ConformanceCase, ConformanceSubject } from "../subject"

/** Images are named by the stream and read one by one, and a checksum tells one from another. */
export const imageCases = (subject: ConformanceSubject): ConformanceCase[] => {
  const skip = !subject.streams.includes("images")
    ? "the connector has no images"
    : subject.images
      ? null
      : "the double does not list its images"
  const test = (name: string, run: (connector: Connector) => Promise<void>): ConformanceCase => ({
    name,
    skip,
    run: () => withConnector(subject, {}, run),
  })
  return [
    test("a full pull names every image that the ERP holds, and no other", async (connector) => {
      const { records } = await pullAll(connector, "images", null)
      const named = records.flatMap(({ id, images }) => images.map(({ key }) => `${id}/${key}`))
      const held = (await subject.images?.()) ?? []
      assert.ok(held.length > 0, "The ERP holds no image to try it with.")
      const expected = held.map(({ product_id, key }) => `${product_id}/${key}`)
      assert.deepEqual(named.toSorted(), expected.toSorted())
    }),
    test("an image is read byte by byte, and its checksum is the one of the stream", async (c) => {
      const { records } = await pullAll(c, "images", null)
      for (const { product_id, key, bytes } of ((await subject.images?.()) ?? []).slice(0, 5)) {
        const record = records.find(({ id }) => (id as string) === product_id)
        const named = record?.images.find((image) => image.key === key)
        const read = await imageOf(c, product_id, key)
        assert.ok(read, `${product_id}/${key} is not there.`)
        assert.deepEqual(read.bytes, bytes)
        assert.equal(read.checksum, named?.checksum)
        if (typeof named?.size === "number") assert.equal(named.size, bytes.length)
      }
    }),
    test("images of equal bytes have equal checksums, others have others", async (connector) => {
      const { records } = await pullAll(connector, "images", null)
      const checksums = new Map<string, string>()
      for (const { product_id, key, bytes } of (await subject.images?.()) ?? []) {
        const record = records.find(({ id }) => (id as string) === product_id)
        const checksum = record?.images.find((image) => image.key === key)?.checksum ?? "none"
        const content = bytes.toString("base64")
        assert.equal(checksums.get(content) ?? checksum, checksum)
        checksums.set(content, checksum)
      }
      assert.equal(new Set(checksums.values()).size, checksums.size)
    }),
    test("an image that is not there is null, not an error", async (connector) => {
      const { records } = await pullAll(connector, "images", null)
      const [first] = (await subject.images?.()) ?? []
      const bare = records.find(({ images }) => images.length === 0)
      assert.ok(first)
      if (bare) assert.equal(await imageOf(connector, bare.id, first.key), null)
      assert.equal(await imageOf(connector, first.product_id, "no-such-key"), null)
    }),
  ]
}

const imageOf = async (
  connector: Connector,
  product: string,
  key: string,
): Promise<ImageContent | null> => {
  assert.ok(connector.image, "The stream images needs `image`.")
  return connector.image(erpId(product), key)
}
