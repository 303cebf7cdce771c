import { getActiveActions } from "@web/views/utils";

export class JournalArchParser {
    parse(arch) {
        return { activeActions: getActiveActions(arch) };
    }
}
