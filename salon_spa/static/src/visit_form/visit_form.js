import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** Leaves no drafts behind that nobody wanted: Odoo would save whatever stands in a form that is left. */
export class VisitFormController extends FormController {
    /** A new visit that says neither who comes nor for what. */
    get isBlank() {
        const { isNew, data } = this.model.root;
        return isNew && !data.partner_id && !data.note && !data.line_ids.records.some(({ data }) => data.product_id);
    }

    async beforeLeave(options) {
        // What is being typed counts as well.
        await this.model.root.isDirty();
        return this.isBlank ? undefined : super.beforeLeave(options);
    }

    async beforeVisibilityChange() {
        await this.model.root.isDirty();
        return this.isBlank ? undefined : super.beforeVisibilityChange();
    }

    async beforeUnload(ev) {
        // The page does not wait for what is being typed.
        return this.isBlank ? undefined : super.beforeUnload(ev);
    }

    async create() {
        await this.model.root.isDirty();
        if (this.isBlank) {
            await this.model.root.discard();
        }
        return super.create();
    }

    /** A new visit is saved and booked in one step: what is refused stays in the form and is not kept as a draft. */
    async beforeExecuteActionButton(clickParams) {
        const { config, isNew } = this.model.root;
        if (clickParams.name !== "action_book" || !isNew) {
            return super.beforeExecuteActionButton(clickParams);
        }
        const { context } = config;
        config.context = { ...context, salon_book: true };
        try {
            return await super.beforeExecuteActionButton(clickParams);
        } catch (error) {
            this.showWarnings();
            throw error;
        } finally {
            config.context = context;
        }
    }

    /** Below a refusal the cursor waits where the reason goes, which may have been scrolled out of sight. */
    showWarnings() {
        const { state, warning_text, override_reason } = this.model.root.data;
        if (["draft", "requested"].includes(state) && warning_text && !override_reason) {
            this.rootRef.el?.querySelector("[name=override_reason] input")?.focus();
        }
    }

    async afterExecuteActionButton(clickParams) {
        if (clickParams.name === "action_book") {
            this.showWarnings();
        }
        if (clickParams.name === "action_discard") {
            // Called after a refusal too: then the visit is still there to be looked at.
            const { resModel, resId } = this.model.root;
            if (!(await this.model.orm.searchCount(resModel, [["id", "=", resId]]))) {
                this.env.config.historyBack();
            }
        }
        return super.afterExecuteActionButton(clickParams);
    }
}

registry.category("views").add("salon_visit_form", { ...formView, Controller: VisitFormController });
