/** What goes back over HTTP. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A request as the protocols see it. */
export interface Incoming {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export const JSON_TYPE = "application/json; charset=utf-8"
/** Copies: answers carry this header, errors do not. */
export const NOSNIFF = { "X-Content-Type-Options": "nosniff" } as const

export const HTML_TYPE = "text/html; charset=utf-8"

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
}

/** A page as Werkzeug writes it. */
export function werkzeugPage(status: number, text: string): Reply {
  const title = TITLES[status] ?? "Error"
  return {
    status,
    type: HTML_TYPE,
    body: `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`,
  }
}

/** A page as the proxy in front writes it. */
export function proxyPage(status: number): Reply {
  const title = `${status} ${TITLES[status] ?? "Error"}`
  return {
    status,
    type: "text/html",
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  }
}

/** Odoo's login page: what many wrong addresses answer, with status 200. */
export function loginPage(): Reply {
  return {
    status: 200,
    type: HTML_TYPE,
    body: `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>Odoo</title></head>\n<body class="bg-100"><div class="container py-5"><form class="oe_login_form" role="form" method="post" action="/web/login"><input type="text" name="login"/><input type="password" name="password"/><button type="submit">Log in</button></form></div></body>\n</html>\n`,
  }
}

export function notFound(): Reply {
  return werkzeugPage(
    404,
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.",
  )
}
