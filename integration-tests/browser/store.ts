import type { APIRequestContext, BrowserContext } from "playwright-core"

export interface Login {
  email: string
  password: string
}

/** Signs the browser context in to the admin, as the login page does. */
export const signIn = async (context: BrowserContext, login: Login): Promise<void> => {
  const { token } = await answer<{ token: string }>(
    await context.request.post("/auth/user/emailpass", { data: login }),
  )
  await answer(
    await context.request.post("/auth/session", { headers: { authorization: `Bearer ${token}` } }),
  )
}

/** A product for the pictures of the product page: the store's first with variants, or a new one. */
export const someProduct = async (
  request: APIRequestContext,
): Promise<{ id: string; variantIds: string[] }> => {
  const fields = "id,variants.id"
  const { products } = await answer<{ products: Product[] }>(
    await request.get("/admin/products", { params: { limit: 20, fields } }),
  )
  const found = products.find(({ variants }) => variants.length > 1) ?? products[0]
  return idsOf(found ?? (await createProduct(request)))
}

interface Product {
  id: string
  variants: { id: string }[]
}

const idsOf = ({ id, variants }: Product) => ({ id, variantIds: variants.map(({ id: of }) => of) })

const createProduct = async (request: APIRequestContext): Promise<Product> => {
  const sizes = ["S", "M", "L"]
  const data = {
    title: "Linen shirt",
    status: "published",
    description: "A light shirt of washed linen, cut straight.",
    options: [{ title: "Size", values: sizes }],
    variants: sizes.map((size, index) => ({
      title: size,
      sku: `SHIRT-${index + 1}`,
      options: { Size: size },
      prices: [{ currency_code: "eur", amount: 49 }],
    })),
  }
  const response = await request.post("/admin/products", { data })
  return (await answer<{ product: Product }>(response)).product
}

const answer = async <Body>(response: {
  ok(): boolean
  url(): string
  text(): Promise<string>
  json(): Promise<Body>
}): Promise<Body> => {
  if (!response.ok()) throw new Error(`${response.url()}: ${await response.text()}`)
  return response.json()
}
