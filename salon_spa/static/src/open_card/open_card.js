import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Button on a card whose phone number another card has: drops what was typed and opens that card. A plain link would
 * first try to save the new card, which is refused for the very reason that made the button appear.
 */
export class OpenCard extends Component {
    static template = "salon_spa.OpenCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async open() {
        const { id } = this.props.record.data.duplicate_partner_id;
        const action = await this.orm.call("res.partner", "action_open_client_card", [[id]]);
        await this.props.record.discard();
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("salon_open_card", {
    component: OpenCard,
    fieldDependencies: [{ name: "duplicate_partner_id", type: "many2one" }],
});
