// Wakes GOV.UK Frontend's own components on staff pages: the menu on a small screen, "show password", error summaries; and what marked words say.
import { initAll } from "../vendor/govuk-frontend.min.js";
import "./passkeys.js";
import "./explained.js";

initAll();
