import { defineWidgetConfig } from "@medusajs/admin-sdk"
import type { AdminProduct, DetailWidgetProps } from "@medusajs/framework/types"
import { Container, Heading, Text } from "@medusajs/ui"
import { Failed, Loading } from "../components/panel-state"
import { RecordDetails } from "../components/record/record-details"
import { useRecords } from "../lib/queries"
import { useText } from "../lib/use-text"

/** On the page of a product: the ERP records it is linked to. */
const ProductErpRecords = ({ data: product }: DetailWidgetProps<AdminProduct>) => {
  const text = useText()
  return (
    <Container className="divide-y p-0">
      <div className="px-6 py-4">
        <Heading level="h2">{text("record.title")}</Heading>
      </div>
      <Records productId={product.id} />
    </Container>
  )
}

const Records = ({ productId }: { productId: string }) => {
  const text = useText()
  const { data: records, error, refetch } = useRecords("product", productId)
  if (error && !records) {
    return <Failed title={text("record.failed")} error={error} onRetry={() => void refetch()} />
  }
  if (!records) return <Loading />
  if (records.length === 0) {
    return (
      <Text size="small" leading="compact" className="text-ui-fg-subtle px-6 py-4">
        {text("record.notLinked")}
      </Text>
    )
  }
  return records.map((record) => (
    <RecordDetails key={`${record.connection_id}:${record.erp_id}`} record={record} />
  ))
}

export const config = defineWidgetConfig({
  zone: "product.details.side.after",
  id: "erp-sync.product-records",
})

export default ProductErpRecords
