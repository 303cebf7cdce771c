import { describe, expect, test } from "@odoo/hoot";
import { MatrixModel } from "@salon_spa/skill_matrix/matrix_model";

describe.current.tags("headless");

const CUT = 1;
const COLOUR = 2;

function makeModel() {
    return new MatrixModel({
        services: [
            { id: CUT, name: "Cut", category: "Hair", minutes: 60, price: 50 },
            { id: COLOUR, name: "Colour", category: "Hair", minutes: 40, price: 120 },
        ],
        masters: [
            { id: 7, name: "Anna", grade_id: 3, grade: "Top" },
            { id: 8, name: "Bella", grade_id: false, grade: "" },
        ],
        grades: [{ id: 3, name: "Top" }],
        skills: [
            { service: CUT, master: 7, minutes: 45 },
            { service: COLOUR, master: 8, minutes: 0 },
        ],
        prices: [{ service: CUT, grade: 3, master: false, price: 60 }],
        currency_id: 1,
        can_edit: true,
    });
}

test("a price comes from the master, else the grade, else the list", () => {
    const model = makeModel();
    expect(model.price(CUT, "m7")).toBe(60);
    expect(model.price(CUT, "m8")).toBe(50);
    model.setPrices([CUT], ["m7"], 75);
    expect(model.price(CUT, "m7")).toBe(75);
    model.setPrices([CUT], ["m7", "g3"], undefined);
    expect(model.price(CUT, "m7")).toBe(50);
});

test("only what differs from the server is sent, and what was put back is not", () => {
    const model = makeModel();
    model.setAllowed([CUT], ["m7"], false);
    model.setAllowed([CUT], ["m8"], true);
    model.setCell(COLOUR, "m8", { minutes: 55, price: 130 });
    model.setPrices([CUT], ["base"], 52);
    expect(model.changeCount).toBe(5);
    expect(model.changes()).toEqual([
        [
            { service: CUT, master: 7, allowed: false, minutes: 0 },
            { service: CUT, master: 8, allowed: true, minutes: 0 },
            { service: COLOUR, master: 8, allowed: true, minutes: 55 },
        ],
        [
            { service: COLOUR, grade: false, master: 8, price: 130 },
            { service: CUT, grade: false, master: false, price: 52 },
        ],
    ]);
    model.setPrices([CUT], ["base"], 50);
    model.setPrices([CUT], ["g3"], undefined);
    expect(model.changes()[1]).toEqual([
        { service: COLOUR, grade: false, master: 8, price: 130 },
        { service: CUT, grade: 3, master: false, price: null },
    ]);
});

test("a whole row is one step to undo, and keeps the own minutes", () => {
    const model = makeModel();
    model.setAllowed([CUT, COLOUR], ["m7", "m8"], true);
    expect(model.minutes(CUT, "m7")).toBe(45);
    expect(model.changeCount).toBe(2);
    model.undo();
    expect(model.isDirty).toBe(false);
    model.setAllowed([CUT], ["m7"], false);
    model.undo();
    expect(model.minutes(CUT, "m7")).toBe(45);
    expect(model.isDirty).toBe(false);
});

test("copying makes a master's services another's", () => {
    const model = makeModel();
    model.copySkills([CUT, COLOUR], "m7", "m8");
    expect(model.isAllowed(CUT, "m8")).toBe(true);
    expect(model.minutes(CUT, "m8")).toBe(45);
    expect(model.isAllowed(COLOUR, "m8")).toBe(false);
    model.discard();
    expect(model.isAllowed(COLOUR, "m8")).toBe(true);
    expect(model.isDirty).toBe(false);
});

test("after saving, prices are still to be confirmed", () => {
    const model = makeModel();
    model.setCell(CUT, "m8", { minutes: 30, price: 40 });
    const version = model.version(CUT);
    model.skillsSaved();
    expect(model.version(CUT)).toBeGreaterThan(version);
    expect(model.changes()).toEqual([[], [{ service: CUT, grade: false, master: 8, price: 40 }]]);
});
