/** The parts of the package `xmlrpc` that are used: its codec, without its client. */

declare module "xmlrpc/lib/serializer" {
  /** @throws Error on a character that XML has no place for, with the text in its message */
  export function serializeMethodCall(method: string, params: readonly unknown[]): string
}

declare module "xmlrpc/lib/customtype" {
  /** A value that is written as text inside an element of its own name. */
  class CustomType {
    constructor(raw: string)
    tagName: string
  }
  export = CustomType
}

declare module "xmlrpc/lib/deserializer" {
  /** Takes text piece by piece. */
  interface XmlSink {
    write(text: string): boolean
    end(): void
  }
  interface XmlSource {
    setEncoding(encoding: string): void
    on(event: "error", listener: (error: Error) => void): void
    pipe(sink: XmlSink): void
  }
  class Deserializer {
    /** A fault arrives as an error with `faultCode` and `faultString`. */
    deserializeMethodResponse(
      source: XmlSource,
      callback: (error: Error | null, value?: unknown) => void,
    ): void
  }
  export = Deserializer
}
