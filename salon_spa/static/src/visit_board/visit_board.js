import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * The day's visits by state. A card dropped on another column calls the visit's own method for that state instead of
 * writing the state, so that hooks, checks and the history have their say; whatever is refused springs back.
 */
export class VisitBoardRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    /** The state is read-only as a field, yet cards move between its columns. */
    get canMoveRecords() {
        const { groupByField } = this.props.list;
        return this.canResequenceRecords && (!groupByField || groupByField.name === "state");
    }

    async sortRecordDrop(dataRecordId, dataGroupId, { element, parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { list } = this.props;
        const group = list.groups?.find((candidate) => candidate.id === parent?.dataset.id);
        const record = list.records.find((candidate) => candidate.id === dataRecordId);
        if (!group || !record || group.id === dataGroupId) {
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        try {
            const next = await this.orm.call(
                "salon.visit",
                "action_move_to_state",
                [[record.resId], group.value],
                { context: list.context }
            );
            if (next) {
                await this.action.doAction(next, { onClose: () => list.model.load() });
            }
            await list.model.load();
        } finally {
            this.toggleProcessing(dataRecordId, false);
        }
    }
}

registry.category("views").add("salon_visit_board", {
    ...kanbanView,
    Renderer: VisitBoardRenderer,
});
