import { imageTypeOf } from "../image-type"

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

describe("what a picture is", () => {
  it.each([
    ["png", "image/png", bytes([0x89], "PNG", [13, 10, 26, 10], "x")],
    ["jpg", "image/jpeg", bytes([0xff, 0xd8, 0xff, 0xe0], "x")],
    ["gif", "image/gif", bytes("GIF89a")],
    ["webp", "image/webp", bytes("RIFF", [1, 2, 3, 4], "WEBPVP8 ")],
    ["avif", "image/avif", bytes([0, 0, 0, 32], "ftypavif")],
  ])("is %s (%s) by its first bytes", (extension, mime_type, content) => {
    expect(imageTypeOf(content)).toEqual({ extension, mime_type })
  })

  it.each([
    ["nothing", bytes("")],
    ["half a signature", bytes([0x89], "PNG")],
    ["a wave file", bytes("RIFF", [1, 2, 3, 4], "WAVE")],
    ["a drawing that may carry scripts", bytes("<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ["a web page", bytes("<!doctype html>")],
    ["a video", bytes([0, 0, 0, 32], "ftypisom")],
  ])("is none for %s", (_case, content) => {
    expect(imageTypeOf(content)).toBeNull()
  })
})
