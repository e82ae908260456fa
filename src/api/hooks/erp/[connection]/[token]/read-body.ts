import { Readable } from "node:stream"

/** How long a caller may take to send its few bytes. */
const PATIENCE_MS = 5_000

/** A body of at most so many bytes; null when it is longer, or does not come to its end in time. */
export const readBody = async (request: Readable, most: number): Promise<Buffer | null> => {
  const chunks: Buffer[] = []
  let bytes = 0
  const late = setTimeout(() => request.destroy(), PATIENCE_MS)
  try {
    for await (const chunk of request) {
      const part = Buffer.from(chunk)
      bytes += part.length
      if (bytes > most) return null
      chunks.push(part)
    }
    return Buffer.concat(chunks)
  } catch {
    // The caller hung up, or was too slow: nobody waits for an answer.
    return null
  } finally {
    clearTimeout(late)
  }
}
