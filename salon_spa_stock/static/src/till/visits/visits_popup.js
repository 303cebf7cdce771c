import { Component, onWillStart, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { Input } from "@point_of_sale/app/components/inputs/input/input";
import { ConnectionLostError } from "@web/core/network/rpc";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";

/** The visits that money can be taken for: today's, or those that a search finds. */
export class VisitsPopup extends Component {
    static template = "salon_spa_stock.VisitsPopup";
    static components = { Dialog, Input };
    static props = { close: Function };

    setup() {
        this.pos = usePos();
        this.keepLast = new KeepLast();
        this.state = useState({ search: "", visits: [], loading: true, offline: false, showPaid: false });
        this.searchSoon = useDebounced(() => this.load(), 300);
        onWillStart(() => this.load());
    }

    get sections() {
        const titles = {
            pay: _t("To pay"),
            booked: _t("Booked"),
            debt: _t("Debts of other days"),
            paid: _t("Paid"),
        };
        return Object.entries(titles)
            .map(([key, title]) => ({
                key,
                title,
                visits: this.state.visits.filter((visit) => visit.section === key),
            }))
            .filter(({ visits }) => visits.length);
    }

    onSearch(event) {
        this.state.search = event.target.value;
        this.searchSoon();
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.visits = await this.keepLast.add(
                this.pos.data.call("salon.visit", "get_till_visits", [
                    this.pos.config.id,
                    this.state.search,
                ])
            );
            this.state.offline = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.offline = true;
        } finally {
            this.state.loading = false;
        }
    }

    canOpen(visit) {
        return visit.section !== "paid";
    }

    canTakeDeposit(visit) {
        return ["booked", "confirmed"].includes(visit.state) && visit.due > 0;
    }

    async open(visit) {
        if (this.canOpen(visit) && (await this.pos.salonOpenVisit(visit.id))) {
            this.props.close();
        }
    }

    async deposit(visit) {
        if (await this.pos.salonTakeDeposit(visit)) {
            this.props.close();
        }
    }

    stateClass(visit) {
        return {
            booked: "text-bg-secondary",
            confirmed: "text-bg-info",
            arrived: "text-bg-warning",
            done: "text-bg-success",
        }[visit.state];
    }
}
