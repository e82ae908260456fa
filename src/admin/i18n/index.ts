import de from "./de.json"
import en from "./en.json"
import es from "./es.json"
import fr from "./fr.json"
import ru from "./ru.json"

/** The plugin's words, in a namespace of their own; other languages of the dashboard show English. */
export default {
  en: { erp: en },
  de: { erp: de },
  fr: { erp: fr },
  es: { erp: es },
  ru: { erp: ru },
}
