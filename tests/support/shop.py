"""The help pages of a small shop, in three languages."""

from trato.search import Article

PAGES = (
    Article(
        "returns",
        "Devolver un producto",
        "Usted tiene 30 días para devolver un producto sin usar. Pida la etiqueta en su cuenta. "
        "El reembolso llega a su tarjeta en cinco días hábiles.",
        "es",
    ),
    Article(
        "returns",
        "Return a product",
        "You have 30 days to return an unused product. Ask for the label in your account. "
        "The refund reaches your card within five working days.",
        "en",
    ),
    Article(
        "returns",
        "Devolver um produto",
        "Você tem 30 dias para devolver um produto sem uso. Peça a etiqueta na sua conta. "
        "O reembolso chega ao seu cartão em cinco dias úteis.",
        "pt",
    ),
    Article(
        "warranty",
        "Garantía de la heladera",
        "La garantía de la heladera dura dos años. Guarde la factura. El técnico visita su casa sin costo.",
        "es",
    ),
    Article(
        "password",
        "Cambiar la contraseña",
        "Abra su cuenta y pulse Seguridad. Escriba la contraseña nueva dos veces. "
        "Si la olvidó, pida un enlace por correo.",
        "es",
    ),
    Article(
        "delivery",
        "Plazos de entrega",
        "Las entregas en la capital tardan dos días y en las provincias cinco. "
        "El transportista llama antes de llegar.",
        "es",
    ),
    Article(
        "invoice",
        "Pedir la factura",
        "La factura se envía por correo al terminar la compra. Para cambiar los datos fiscales escríbanos.",
        "es",
    ),
)
