import { Component } from "@odoo/owl";

/** What can be done with a whole row or column. */
export class MatrixMenu extends Component {
    static template = "salon_spa.MatrixMenu";
    static props = {
        title: String,
        items: Array,
        close: { type: Function, optional: true },
    };

    select(item) {
        this.props.close?.();
        item.run();
    }
}
