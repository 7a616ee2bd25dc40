/** Words that lead through administration: its search, the help beside each page, the first steps. */
const es = {
  search: {
    label: "Buscar en administración",
    placeholder: "Buscar un ajuste",
    count: (count: number) => (count === 1 ? "1 resultado" : `${count.toString()} resultados`),
    none: "Nada con esas palabras. Pruebe con una sola, o con otra parecida.",
    results: "Resultados",
  },
  groups: { face: "Su negocio", work: "Cómo se atiende", people: "Su gente", machine: "Control" },
  help: {
    title: "Ayuda",
    fold: "Ocultar la ayuda",
    show: "Ayuda de esta página",
    manual: "Guía paso a paso (en inglés)",
  },
  pages: {
    start: {
      what: "Lo que hace falta para atender bien, en orden. Cada paso se marca solo cuando está hecho.",
      cases: [
        ["¿Hay que hacer todo?", "No. Con un canal conectado y una persona ya se atiende; lo demás mejora cómo."],
        ["¿Dónde queda después?", "Aquí mismo, para ver de un vistazo qué está configurado y qué falta."],
      ],
      words: "comenzar inicio empezar guía instalación configurar resumen primeros pasos asistente",
    },
    channels: {
      what: "Cada canal es una línea por la que le escriben: una casilla de correo, el chat de su sitio, un número. Se conecta una vez y llega al escritorio.",
      cases: [
        ["¿Qué pasa si un canal falla?", "Se marca aquí con el motivo. Lo que ya llegó queda, y se vuelve a intentar solo."],
        ["¿Qué pasa si lo quito?", "Deja de recibir y enviar. Las conversaciones que llegaron por él se conservan."],
        ["¿Cómo pongo el chat en mi sitio?", "Conecte un chat web, nombre su sitio y copie una línea de código en sus páginas."],
      ],
      words: "correo mail email casilla imap smtp chat web widget whatsapp sms telegram teléfono número línea cuenta conectar integrar código sitio",
    },
    appearance: {
      what: "El chat y el centro de ayuda con su color, su logo y sus palabras. La vista previa es el chat de verdad.",
      cases: [
        ["¿Qué pasa si mi color no se lee?", "Se ofrece el más parecido que sí. No se puede guardar uno que la gente no pueda leer."],
        ["¿Cuándo lo ven mis clientes?", "La próxima vez que carguen una página. No hay que cambiar nada en el sitio."],
        ["¿Y si mi página ya define colores?", "Las variables --trato-… de su hoja de estilo mandan sobre lo de aquí."],
      ],
      words: "color colores logo imagen diseño marca estilo tema oscuro claro botón widget chat saludo letra fuente tipografía apariencia vista previa personalizar",
    },
    organisation: {
      what: "El nombre, el idioma y el horario de la casa, y las marcas con las que se presenta.",
      cases: [
        ["¿Para qué varias marcas?", "Si atiende con más de un nombre: cada una tiene su trato, su firma y su centro de ayuda."],
        ["¿Qué pasa sin cuenta de correos del sistema?", "Los enlaces de acceso no se envían: se copian a mano."],
      ],
      words: "empresa negocio compañía tienda nombre idioma zona horaria marca firma pie correo tuteo voseo usted centro de ayuda dominio",
    },
    queues: {
      what: "Una cola es donde esperan los contactos de un mismo asunto, hasta que quien sabe de eso tiene lugar.",
      cases: [
        ["¿Qué pasa si no hay colas?", "Todo va a la fila común, que atiende cualquiera. Para empezar alcanza."],
        ["¿Qué pasa si nadie tiene la habilidad?", "Con el tiempo se pide menos; a los diez minutos atiende cualquiera. Nadie queda esperando."],
        ["¿Cómo sé a quién le llegaría?", "Con «¿Quién lo recibiría?», que responde sin ofrecer nada a nadie."],
      ],
      words: "fila espera reparto distribución enrutamiento asignar asignación derivar turno orden atención capacidad meta nivel de servicio",
    },
    hours: {
      what: "Cuándo se atiende: por cola, por sede o por turno, con sus feriados. Sin horario propio rige el de la organización.",
      cases: [
        ["¿Qué pasa fuera de hora?", "Nada se rechaza: se dice cuándo se abre, y quien escribió conserva su lugar."],
        ["¿Cómo pongo los feriados?", "Con la dirección de un calendario iCalendar, o pegando su texto."],
      ],
      words: "horario atención abierto cerrado apertura cierre feriado festivo vacaciones calendario agenda turno días laborales",
    },
    sla: {
      what: "Lo que se promete: en cuánto tiempo se contesta y se resuelve, contado en horas abiertas.",
      cases: [
        ["¿Qué pasa si se vence?", "El equipo lo ve antes de que pase, ordenado por lo que más apura; una regla puede avisar."],
        ["¿Corre cuando le toca al cliente?", "No: el reloj se detiene mientras se espera algo de él."],
      ],
      words: "sla tiempo respuesta plazo vencimiento promesa compromiso demora objetivo meta solución",
    },
    rules: {
      what: "Lo que Trato hace solo cuando pasa algo: poner una etiqueta, cambiar de cola, avisar.",
      cases: [
        ["¿Puede contestar por nosotros?", "No. Ninguna regla responde en lugar de una persona ni envía un texto sin novedad del caso."],
        ["¿Cómo pruebo sin riesgo?", "Con «Probar con lo que ya pasó»: dice qué habría hecho, y no escribe nada."],
      ],
      words: "automatización automático disparador trigger workflow flujo condición acción robot",
    },
    macros: {
      what: "Textos que usan seguido, con espacios que se llenan del caso. Quien atiende los completa antes de enviar.",
      cases: [
        ["¿Se envían solas?", "Nunca. Y lo que falta completar no se puede enviar."],
        ["¿En qué idioma salen?", "En el de la conversación, si la macro lo tiene."],
      ],
      words: "plantilla respuesta rápida predefinida texto modelo snippet atajo mensaje tipo",
    },
    labels: {
      what: "Etiquetas para encontrar lo que se parece, y la lista de formas en que termina un trabajo.",
      cases: [
        ["¿Cuántas etiquetas conviene tener?", "Pocas y claras. Muchas se usan mal y dejan de decir algo."],
        ["¿Qué pasa sin lista de cierres?", "Cada quien escribe cómo terminó; los informes no pueden sumarlo."],
      ],
      words: "etiqueta tag categoría tipificación clasificación cierre disposición motivo resultado",
    },
    fields: {
      what: "Lo que su negocio necesita saber de cada persona o de cada caso y no tiene lugar propio: un número de socio, un modelo, una fecha de compra.",
      cases: [
        ["¿Dónde se completan?", "Junto a la conversación, por quien atiende. También por la API y con reglas."],
        ["¿Qué pasa si retiro uno?", "Deja de mostrarse. Lo que ya decía se conserva y vuelve si lo repone."],
      ],
      words: "campo personalizado dato propio atributo ficha formulario obligatorio socio contacto caso",
    },
    cards: {
      what: "Lo que saben sus otros sistemas, al lado de cada conversación: un pedido, una garantía, un saldo.",
      cases: [
        ["¿Qué se les informa de mis clientes?", "Solo direcciones verificadas, y nada más que lo que usted marque."],
        ["¿Qué pasa si el otro sistema no contesta?", "La tarjeta lo dice y se puede volver a consultar. El resto sigue igual."],
      ],
      words: "tarjeta pedido orden garantía saldo erp crm tienda integración sistema externo panel fuente",
    },
    orders: {
      what: "Cuántos pedidos de sus sitios llegaron después de una ayuda, y con cuál.",
      cases: [
        ["¿Cómo llegan aquí?", "Su sitio los informa en la página de gracias, con una línea. La guía la muestra."],
        ["¿Se sabe quién compró?", "Solo si una persona le ayudó: entonces el pedido está junto a su conversación."],
      ],
      words: "pedido compra venta conversión tienda carrito total monto widget sitio ayuda vendido",
    },
    sameText: {
      what: "Cuántas veces salió el mismo texto libre a varias personas. Avisa a quien escribe; no impide nada.",
      cases: [
        ["¿Se guarda lo que se escribió?", "No. Solo una huella que no se puede leer, y por pocos días."],
        ["¿Qué hago si uno se repite mucho?", "Conviértalo en una respuesta con lugares que se completan, o en un artículo."],
      ],
      words: "repetido copiado pegar plantilla idéntico envío masivo verbatim mismo texto muchos",
    },
    users: {
      what: "Quién entra y qué puede hacer: atender, supervisar o administrar.",
      cases: [
        ["¿Qué pasa al desactivar a alguien?", "Se cierran sus sesiones y su trabajo abierto pasa a otra persona. Lo que hizo queda."],
        ["¿Y si no le llega la invitación?", "Copie usted un enlace de acceso y envíeselo por donde pueda. Vale una sola vez."],
      ],
      words: "usuario personas equipo empleado invitar alta baja rol permiso contraseña acceso agente supervisor administrador",
    },
    agents: {
      what: "Qué sabe cada quien, del 1 al 5. Con eso cada contacto llega a quien puede resolverlo.",
      cases: [
        ["¿Hace falta llenarla entera?", "No: solo lo que alguna cola pide."],
        ["¿Se puede prestar una habilidad?", "Sí, con fecha de fin en el perfil; ese día se quita sola."],
      ],
      words: "habilidad skill conocimiento nivel idioma perfil capacidad límite agente especialidad",
    },
    teams: {
      what: "Cómo se agrupa su gente: equipos, sedes y los motivos por los que se ausenta.",
      cases: [
        ["¿Para qué sirve un equipo?", "Una cola puede ofrecer primero a uno; y quien supervisa lo mira por separado."],
        ["¿Qué pasa sin motivos de ausencia?", "Cada quien escribe el suyo al ausentarse."],
      ],
      words: "equipo grupo sede sucursal oficina ausencia pausa descanso almuerzo motivo",
    },
    doors: {
      what: "Quién responde por un local, un producto o un sitio. El cliente le lleva en un paso lo que no quedó resuelto.",
      cases: [
        ["¿Qué pasa si no contesta a tiempo?", "Se ve en el caso que la promesa venció, y una regla puede avisar a quien usted diga."],
        ["¿Y lo que no tiene responsable?", "Va a quien responde por todo lo demás, si nombró a alguien."],
      ],
      words: "responsable encargado gerente dueño escalar reclamo queja local tienda producto",
    },
    keys: {
      what: "Para que otro programa lea o escriba en Trato, con solo los permisos que necesita.",
      cases: [
        ["¿Qué pasa si se filtra una?", "Revóquela: deja de servir enseguida. La auditoría dice qué se hizo con ella."],
        ["¿La puedo volver a ver?", "No. Si se pierde, cree otra y revoque la anterior."],
      ],
      words: "api clave token integración programa desarrollador acceso permiso crm erp",
    },
    webhooks: {
      what: "Avisan a otro sistema de cada cambio, firmados, con un POST por evento.",
      cases: [
        ["¿Qué pasa si mi sistema está caído?", "Se vuelve a intentar, en orden; después puede enviarlos de nuevo."],
        ["¿Cómo sé que vienen de Trato?", "Por la firma, con el secreto que se muestra una vez."],
      ],
      words: "webhook evento aviso notificación integración sistema crm zapier desarrollador",
    },
    settings: {
      what: "Todo lo que se configura, en un archivo que se lee y se compara, para guardarlo o llevarlo a otra instalación.",
      cases: [
        ["¿Qué pasa al elegir un archivo?", "Nada todavía: se muestra qué cambiaría. Después se aplica todo o nada."],
        ["¿Lleva contraseñas o personas?", "No. Dice qué secretos hay que escribir de nuevo, y nombra a quien trabaja aquí por su correo."],
        ["¿Borra lo que no está en el archivo?", "Solo si usted lo pide."],
      ],
      words: "exportar importar copia respaldo descargar archivo yaml json git configuración migrar trasladar ajustes",
    },
    privacy: {
      what: "Quién pidió que se borren sus datos, y cuándo se hace.",
      cases: [
        ["¿Cómo empiezo un pedido?", "En la conversación del contacto, con «Datos personales»."],
        ["¿Se puede deshacer?", "Durante siete días, con un motivo. Después no."],
      ],
      words: "privacidad borrar eliminar datos personales gdpr lgpd habeas data protección olvido",
    },
    broken: {
      what: "Lo que llegó y no se pudo leer. Está guardado entero, y aquí se vuelve a leer.",
      cases: [
        ["¿Se perdió algo?", "No. Puede descargar el original tal como llegó."],
        ["¿Qué es un aviso sin dueño?", "Un pedido que ningún canal reconoce: suele ser una dirección mal copiada en el proveedor."],
      ],
      words: "error ilegible fallo roto mensaje perdido original reintentar problema",
    },
    audit: {
      what: "Quién hizo qué, cuándo y desde dónde.",
      cases: [
        ["¿Se ve lo que hizo un programa?", "Sí, con la clave de API que usó."],
        ["¿Dice lo que se escribió?", "No: dice qué se cambió, no el contenido de las conversaciones."],
      ],
      words: "auditoría registro historial log cambios quién seguridad bitácora",
    },
  },
  /** Other names of fields, by the path of their usual name. */
  fields: {
    "admin.channels.snippet": "script código html instalar pegar sitio web incrustar",
    "admin.channels.undo": "deshacer arrepentirse retirar anular envío",
    "admin.channels.test": "probar conexión verificar diagnóstico",
    "admin.channels.enabled": "encender apagar activar desactivar",
    "appearance.accent": "color principal hexadecimal",
    "appearance.logo": "imagen foto icono isotipo",
    "appearance.greetings": "bienvenida mensaje inicial saludo",
    "appearance.labels": "botón lanzador texto burbuja",
    "appearance.side": "posición derecha izquierda esquina",
    "appearance.corners": "redondeado bordes radio",
    "appearance.font": "tipografía fuente letra",
    "appearance.theme": "modo oscuro noche claro",
    "appearance.phone": "teléfono número llamar emergencia caído",
    "appearance.email": "correo mail dirección caído",
    "admin.organisation.hours": "horario apertura cierre días atención",
    "admin.organisation.brands": "marca varias nombre comercial",
    "admin.organisation.tone": "usted tuteo voseo trato formal informal",
    "admin.organisation.signature": "firma pie despedida correo mail",
    "admin.organisation.systemAccount": "correo remitente invitaciones noreply enlaces",
    "admin.helpCentre.act": "centro de ayuda preguntas frecuentes faq artículos base de conocimiento",
    "admin.helpCentre.host": "dominio subdominio url dirección",
    "admin.helpCentre.site": "página web enlace url",
    "queues.queues.skills": "habilidad requisito skill",
    "queues.queues.accounts": "canal origen",
    "queues.queues.target": "nivel de servicio sla objetivo porcentaje",
    "queues.queues.priority": "prioridad urgente importancia",
    "queues.queues.wrapUp": "cierre acw postcontacto después",
    "queues.queues.autoAccept": "automático aceptar directo",
    "queues.queues.waiting": "espera llamar devolución callback turno",
    "queues.queues.weights": "capacidad peso simultáneas unidades",
    "queues.preview.open": "simular probar reparto quién",
    "automation.hours.exceptions": "excepción feriado especial cerrado",
    "automation.hours.holidays": "feriado festivo asueto icalendar ics",
    "automation.sla.first_reply": "primera respuesta tiempo",
    "automation.sla.next_reply": "siguiente respuesta tiempo",
    "automation.sla.resolution": "resolver solución tiempo",
    "automation.rules.trial": "simular ensayo prueba",
    "automation.rules.runs": "historial registro ejecuciones",
    "automation.macros.places": "variables campos marcadores",
    "automation.labels.tags": "categoría tag",
    "automation.labels.dispositions": "tipificación resultado motivo",
    "beside.sources.secret": "clave firma webhook",
    "beside.sources.sends": "datos enviados privacidad compartir",
    "admin.users.invite": "alta nuevo agregar crear usuario",
    "admin.users.role": "permiso perfil cargo",
    "admin.users.capacity": "simultáneas límite cantidad",
    "admin.users.newLink": "contraseña olvidada recuperar acceso entrar",
    "admin.latitude.act": "descuento reembolso monto compensación aprobación",
    "queues.agents.languages": "idioma lengua habla",
    "queues.agents.limits": "máximo simultáneas tope",
    "queues.teams.sites": "sucursal oficina local",
    "queues.teams.reasons": "pausa descanso almuerzo",
    "admin.doors.owner": "encargado gerente dueño",
    "admin.keys.scopes": "permiso alcance scope",
    "admin.webhooks.types": "evento tipo",
    "admin.webhooks.deliveries": "historial intentos envíos",
    "storefront.conversion": "ventas pedidos compras conversión informe resultado porcentaje compra venta",
    "storefront.amounts": "monto moneda importe pedido dinero ventas facturado",
    "setup.takeOut": "exportar descargar copia ajustes configuración archivo yaml bajar respaldo",
    "setup.bringIn": "importar cargar restaurar ajustes configuración archivo subir aplicar",
    "setup.remove": "borrar quitar eliminar sobrante",
    "privacy.list": "borrado olvido eliminación",
    "admin.broken.strays": "huérfano webhook desconocido",
  } as Record<string, string>,
  /** What is set up outside these pages. */
  places: {
    articles: { title: "Artículos del centro de ayuda", words: "faq preguntas frecuentes conocimiento ayuda escribir publicar" },
    synonyms: { title: "Sinónimos de la búsqueda", words: "palabras equivalentes búsqueda centro de ayuda" },
    answers: { title: "Cuándo se contesta con un artículo", words: "calibrar respuesta automática confianza búsqueda" },
    gaps: { title: "Lo que falta en el centro de ayuda", words: "vacíos preguntas sin respuesta huecos" },
    incidents: { title: "Incidentes y mantenimientos", words: "caída problema aviso estado banner interrupción" },
    peaks: { title: "Horas pico", words: "picos demanda pronóstico personal carga" },
    account: { title: "Su cuenta", words: "perfil contraseña segundo factor passkey idioma tema sesión clave" },
    wishes: { title: "Sus avisos", words: "notificaciones sonido push correo no molestar resumen" },
  },
  start: {
    title: "Primeros pasos",
    lead: (done: number, all: number) => `${done.toString()} de ${all.toString()} pasos hechos.`,
    all: "Todo lo importante está configurado.",
    done: "hecho",
    open: "falta",
    next: "Lo próximo",
    steps: {
      hours: { title: "Diga cuándo atiende", why: "Con el horario, cada espera que se promete es verdad.", act: "Poner el horario" },
      channel: { title: "Conecte un canal", why: "Por dónde le escriben: correo, chat de su sitio, un número.", act: "Conectar un canal" },
      works: { title: "Compruebe que los canales funcionan", why: "Un canal que falla no pierde nada, pero nadie lo lee.", act: "Ver los canales" },
      site: { title: "Ponga el chat en su sitio", why: "Conecte un chat web y nombre la dirección de su sitio.", act: "Conectar el chat" },
      look: { title: "Dele su color y su logo", why: "Sus clientes reconocen con quién hablan.", act: "Elegir el aspecto" },
      away: { title: "Deje un teléfono o un correo", why: "El chat los muestra si el servidor no responde.", act: "Escribirlos" },
      system: { title: "Elija la cuenta para correos del sistema", why: "Sin ella, las invitaciones se copian a mano.", act: "Elegir la cuenta" },
      people: { title: "Invite a su equipo", why: "Con una persona alcanza para empezar; con dos, alguien cubre.", act: "Invitar" },
      queue: { title: "Cree la primera cola", why: "Para que cada asunto llegue a quien sabe de él.", act: "Crear una cola" },
      articles: { title: "Publique un artículo de ayuda", why: "Muchos prefieren resolverlo solos, a cualquier hora.", act: "Escribir un artículo" },
    },
  },
};

export default es;
export type Words = typeof es;
