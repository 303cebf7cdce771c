const BASE = "base";

/** Key of a column: the list price, a grade or a master. */
export function columnKey(gradeId, masterId) {
    return masterId ? `m${masterId}` : gradeId ? `g${gradeId}` : BASE;
}

function cellKey(serviceId, column) {
    return `${serviceId}/${column}`;
}

/**
 * What the matrix knows and what was edited since it was read: who may do which service in how many minutes, and which
 * levels have a price of their own. Pure: it neither draws nor asks the server.
 */
export class MatrixModel {
    constructor(data) {
        this.services = data.services;
        this.masters = data.masters;
        this.grades = data.grades;
        this.canEdit = data.can_edit;
        // Minutes by cell; a cell that is absent is not allowed, 0 are the service's minutes.
        this.skills = new Map(data.skills.map((row) => [cellKey(row.service, `m${row.master}`), row.minutes]));
        this.prices = new Map(
            data.prices.map((row) => [cellKey(row.service, columnKey(row.grade, row.master)), row.price])
        );
        for (const service of data.services) {
            this.prices.set(cellKey(service.id, BASE), service.price);
        }
        this.saved = { skills: new Map(this.skills), prices: new Map(this.prices) };
        this.edited = { skills: new Set(), prices: new Set() };
        // Counts up with every change of a service's row, so that only such rows are drawn again.
        this.versions = new Map();
        this.gradeOfMaster = new Map(data.masters.map((master) => [`m${master.id}`, master.grade_id]));
        this.undoSteps = [];
    }

    /** Columns of the screen: masters, or the list price and the grades with or without the masters. */
    columns(mode, withMasters = false) {
        const masters = this.masters.map((master) => ({
            key: `m${master.id}`,
            kind: "master",
            id: master.id,
            name: master.name,
            note: master.grade,
        }));
        if (mode === "skills") {
            return masters;
        }
        const grades = this.grades.map((grade) => ({ key: `g${grade.id}`, kind: "grade", id: grade.id, name: grade.name }));
        return [{ key: BASE, kind: "base", id: false }, ...grades, ...(withMasters ? masters : [])];
    }

    isAllowed(serviceId, column) {
        return this.skills.has(cellKey(serviceId, column));
    }

    /** Own minutes of the master; 0 when they are the service's. */
    minutes(serviceId, column) {
        return this.skills.get(cellKey(serviceId, column)) || 0;
    }

    /** Own price of the level, undefined when it has none. */
    ownPrice(serviceId, column) {
        return this.prices.get(cellKey(serviceId, column));
    }

    /** The price that counts: own, else the grade's, else the list price (price lists of clients aside). */
    price(serviceId, column) {
        const own = this.ownPrice(serviceId, column);
        if (own !== undefined) {
            return own;
        }
        const grade = this.gradeOfMaster.get(column);
        return grade ? this.price(serviceId, `g${grade}`) : this.ownPrice(serviceId, BASE);
    }

    isChanged(serviceId, column) {
        const key = cellKey(serviceId, column);
        return this.edited.skills.has(key) || this.edited.prices.has(key);
    }

    /** Edit one or many cells as one step that can be undone; values that are undefined empty the cell. */
    apply(edits) {
        const step = [];
        for (const { map, serviceId, column, value } of edits) {
            const key = cellKey(serviceId, column);
            const values = this[map];
            const before = values.get(key);
            if (before === value) {
                continue;
            }
            step.push({ map, key, before });
            this.put(map, key, value);
        }
        if (step.length) {
            this.undoSteps.push(step);
        }
        return step.length > 0;
    }

    put(map, key, value) {
        if (value === undefined) {
            this[map].delete(key);
        } else {
            this[map].set(key, value);
        }
        if (this.saved[map].get(key) === value) {
            this.edited[map].delete(key);
        } else {
            this.edited[map].add(key);
        }
        this.touch(key);
    }

    touch(key) {
        const service = Number(key.split("/")[0]);
        this.versions.set(service, this.version(service) + 1);
    }

    version(serviceId) {
        return this.versions.get(serviceId) || 0;
    }

    undo() {
        for (const { map, key, before } of (this.undoSteps.pop() || []).reverse()) {
            this.put(map, key, before);
        }
    }

    discard() {
        for (const map of ["skills", "prices"]) {
            for (const key of [...this.edited[map]]) {
                this.put(map, key, this.saved[map].get(key));
            }
        }
        this.undoSteps = [];
    }

    /** Allow or forbid every combination; who is allowed already keeps the own minutes. */
    setAllowed(serviceIds, columns, allowed) {
        const edits = [];
        for (const serviceId of serviceIds) {
            for (const column of columns) {
                if (this.isAllowed(serviceId, column) !== allowed) {
                    edits.push({ map: "skills", serviceId, column, value: allowed ? 0 : undefined });
                }
            }
        }
        return this.apply(edits);
    }

    /** Give a master another's services with the minutes; prices are personal and stay. */
    copySkills(serviceIds, from, to) {
        return this.apply(
            serviceIds.map((serviceId) => ({
                map: "skills",
                serviceId,
                column: to,
                value: this.skills.get(cellKey(serviceId, from)),
            }))
        );
    }

    /** Own minutes and price of one cell, as one step. */
    setCell(serviceId, column, { minutes, price }) {
        const edits = [{ map: "prices", serviceId, column, value: price }];
        if (minutes !== undefined) {
            edits.push({ map: "skills", serviceId, column, value: minutes });
        }
        return this.apply(edits);
    }

    setPrices(serviceIds, columns, value) {
        const edits = [];
        for (const serviceId of serviceIds) {
            for (const column of columns) {
                edits.push({ map: "prices", serviceId, column, value });
            }
        }
        return this.apply(edits);
    }

    get isDirty() {
        return this.changeCount > 0;
    }

    get changeCount() {
        return this.edited.skills.size + this.edited.prices.size;
    }

    /** What salon.skill.matrix_write takes: ``[changes, prices]``. */
    changes() {
        const skills = [...this.edited.skills].map((key) => {
            const [service, column] = key.split("/");
            return {
                service: Number(service),
                master: Number(column.slice(1)),
                allowed: this.skills.has(key),
                minutes: this.skills.get(key) || 0,
            };
        });
        const prices = [...this.edited.prices].map((key) => {
            const [service, column] = key.split("/");
            const id = Number(column.slice(1));
            return {
                service: Number(service),
                grade: column[0] === "g" ? id : false,
                master: column[0] === "m" ? id : false,
                price: this.prices.has(key) ? this.prices.get(key) : null,
            };
        });
        return [skills, prices];
    }

    /** The server has the skills now; prices wait for their day to be confirmed. */
    skillsSaved() {
        this.saved.skills = new Map(this.skills);
        const keys = [...this.edited.skills];
        this.edited.skills.clear();
        keys.forEach((key) => this.touch(key));
        this.undoSteps = [];
    }
}
