/** What a picture is by its first bytes; a name or header may say anything. */
export interface ImageType {
  mime_type: string
  extension: string
}

const TYPES: readonly (ImageType & { matches(bytes: Uint8Array): boolean })[] = [
  {
    mime_type: "image/png",
    extension: "png",
    matches: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  {
    mime_type: "image/jpeg",
    extension: "jpg",
    matches: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  },
  { mime_type: "image/gif", extension: "gif", matches: (bytes) => says(bytes, 0, "GIF8") },
  {
    mime_type: "image/webp",
    extension: "webp",
    matches: (bytes) => says(bytes, 0, "RIFF") && says(bytes, 8, "WEBP"),
  },
  { mime_type: "image/avif", extension: "avif", matches: (bytes) => says(bytes, 4, "ftypavif") },
]

/**
 * The type of a picture that every browser shows, null for anything else. SVG is left out on purpose:
 * it can carry scripts, and would be served from the store's own address.
 */
export const imageTypeOf = (bytes: Uint8Array): ImageType | null => {
  const type = TYPES.find((entry) => entry.matches(bytes))
  return type ? { mime_type: type.mime_type, extension: type.extension } : null
}

const startsWith = (bytes: Uint8Array, head: readonly number[]): boolean =>
  head.every((byte, at) => bytes[at] === byte)

const says = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, offset) => bytes[at + offset] === letter.charCodeAt(0))
