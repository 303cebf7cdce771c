import { registry } from "@web/core/registry";

import { JournalArchParser } from "./journal_arch_parser";
import { JournalController } from "./journal_controller";
import { JournalModel } from "./journal_model";
import { JournalRenderer } from "./journal_renderer";

export const journalView = {
    type: "salon_journal",
    ArchParser: JournalArchParser,
    Controller: JournalController,
    Model: JournalModel,
    Renderer: JournalRenderer,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({
        ...genericProps,
        Model: view.Model,
        Renderer: view.Renderer,
        archInfo: new view.ArchParser().parse(genericProps.arch),
    }),
};

registry.category("views").add("salon_journal", journalView);
