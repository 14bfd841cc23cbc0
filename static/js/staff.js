// Wakes GOV.UK Frontend's own components on staff pages: the menu on a small screen, "show password", error summaries.
import { initAll } from "../vendor/govuk-frontend.min.js";
import "./passkeys.js";

initAll();
